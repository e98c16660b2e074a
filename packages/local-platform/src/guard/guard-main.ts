/**
 * The guard process: it outlives the platform by a moment and ends what the platform left running.
 *
 * Its standard input is a pipe that only the platform holds, so the pipe closes however the platform ends, SIGKILL
 * included. On it come lines `+<group>` (guard this process group; the answer is the line `<group>`) and `-<group>`.
 */
import { createInterface } from 'node:readline';
import { terminateGroup } from './process-group.js';

const GRACE_MS = 2_000;
const groups = new Set<number>();

// When to end is the platform's decision alone.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.stdout.on('error', () => {});

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const group = Number(line.slice(1));
    if (line.startsWith('-')) groups.delete(group);
    else {
      groups.add(group);
      process.stdout.write(`${group}\n`);
    }
  })
  .on('close', async () => {
    await Promise.all([...groups].map((group) => terminateGroup(group, GRACE_MS)));
    process.exit();
  });
