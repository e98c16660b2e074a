import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { runChild, type SignalSource } from './child-process.js';

it('hears signals before the command runs, and no more after it', async () => {
  const heard = new Set<string>();
  const signals: SignalSource = { on: (signal) => heard.add(signal), off: (signal) => heard.delete(signal) };
  let atStart: string[] = [];
  const env = {
    get PATH() {
      atStart = [...heard];
      return process.env.PATH;
    },
  };
  expect(await runChild('sh', ['-c', 'exit 3'], { cwd: tmpdir(), env, signals })).toEqual({ code: 3 });
  expect(atStart).toEqual(['SIGTERM', 'SIGINT']);
  expect(heard).toEqual(new Set());
  await expect(runChild('no-such-command', [], { cwd: tmpdir(), env, signals })).rejects.toMatchObject({
    code: 'ODMD521',
  });
  expect(heard).toEqual(new Set());
});
