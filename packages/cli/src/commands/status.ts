import type { EnverStatus, UnprotectedEnver } from '@ondemandenv/control-plane';
import { Command } from 'commander';
import { positiveNumber } from '../numbers.js';
import { json } from '../output.js';
import { openPlatform, type PlatformOption, withPlatform } from '../platform.js';
import type { PlatformClient } from '../platform-client.js';
import type { Terminal } from '../terminal.js';

interface Options extends PlatformOption {
  readonly json?: true;
  readonly protection?: true;
  readonly wait?: true;
  readonly timeout: number;
}

export function statusCommand(terminal: Terminal): Command {
  const command = new Command('status')
    .summary('show every enver, or one with its details')
    .description(
      'Show every enver: what it does and why, its source and where it answers; or one with its details.',
    )
    .argument('[enver]', 'id of one enver')
    .option('--wait', 'first wait until the platform has nothing left to do')
    .option('--timeout <seconds>', 'how long to wait at most', positiveNumber, 60)
    .option('--protection', 'also name envers whose branch or tag people can change alone: asks GitHub')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  odmd status
  odmd status web-client/b..main
  odmd status --platform https://a1b2c3.lambda-url.us-west-1.on.aws
  odmd status --wait --json | jq '.envers[] | select(.phase == "failed")'

Exit code 75: it is still busy after --timeout.`,
    );
  return withPlatform(command).action((enver: string | undefined, options: Options) =>
    status(terminal, enver, options),
  );
}

async function status(terminal: Terminal, enver: string | undefined, options: Options): Promise<void> {
  const platform = await openPlatform(terminal, options);
  const timeoutMs = options.timeout * 1000;
  if (enver !== undefined) {
    const one = options.wait ? await platform.waitFor(enver, timeoutMs) : await platform.enver(enver);
    const unprotected = options.protection && (await unprotectedOf(platform, [one]));
    if (options.json) return json(terminal, unprotected ? { ...one, unprotected } : one);
    const { printEnver, printUnprotected } = await import('../report.js');
    printEnver(terminal, one);
    if (unprotected) printUnprotected(terminal, unprotected);
    return;
  }
  const report = options.wait ? await platform.waitUntilIdle(timeoutMs) : await platform.status();
  const unprotected = options.protection && (await unprotectedOf(platform, report.envers));
  if (options.json) return json(terminal, unprotected ? { ...report, unprotected } : report);
  const { printStatus, printUnprotected } = await import('../report.js');
  printStatus(terminal, report);
  if (unprotected) printUnprotected(terminal, unprotected);
}

/** Those of these envers whose refs are unprotected; of clones that is not said, which go as they came. */
async function unprotectedOf(
  platform: PlatformClient,
  envers: readonly EnverStatus[],
): Promise<readonly UnprotectedEnver[]> {
  const own = envers.filter(({ cloneOf }) => cloneOf === undefined);
  const ids = new Set(own.map(({ id }) => id));
  const found: UnprotectedEnver[] = [];
  // One repository after the other: GitHub counts the requests, and it is not in a hurry.
  for (const repo of [...new Set(own.map((one) => one.repo))].sort())
    found.push(...(await platform.unprotected(repo)).filter((one) => ids.has(one.enver)));
  return found;
}
