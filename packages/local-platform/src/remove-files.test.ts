import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { removeFiles } from './remove-files.js';

const folder = mkdtempSync(join(tmpdir(), 'odmd remove '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('removes what a job made read-only, and nothing that a link leads to', async () => {
  const job = join(folder, 'job');
  const inner = join(job, 'cache', 'package');
  mkdirSync(inner, { recursive: true });
  writeFileSync(join(inner, 'file'), '', { mode: 0o400 });
  const other = join(folder, 'other');
  mkdirSync(other);
  writeFileSync(join(other, 'kept'), '');
  symlinkSync(other, join(inner, 'link'));
  for (const path of [inner, join(job, 'cache'), job]) chmodSync(path, 0o500);
  chmodSync(other, 0o555);
  await asSomebody(job, () => removeFiles(job));
  expect(existsSync(job)).toBe(false);
  expect(existsSync(join(other, 'kept'))).toBe(true);
});

test('takes files, and what is not there', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  await removeFiles(file);
  await removeFiles(file);
  expect(existsSync(file)).toBe(false);
});

/** Modes mean nothing to root: then it is somebody else whose files these are. */
async function asSomebody(path: string, act: () => Promise<void>): Promise<void> {
  const { getuid, seteuid } = process;
  if (getuid?.() !== 0 || !seteuid) return act();
  execFileSync('chown', ['-hR', '65534', folder, path]);
  seteuid(65_534);
  try {
    await act();
  } finally {
    seteuid(0);
  }
}
