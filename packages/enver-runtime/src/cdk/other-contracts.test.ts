import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnverEntry } from '@ondemandenv/contracts-base';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { shop } from '../testing/shop.js';
import { CurrentEnver } from './current-enver.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'odmd-contracts-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const own = entryOf('orders/b..main');

function entryOf(id: string): EnverEntry {
  const result = shop.synth();
  const entry = result.ok ? result.manifest.envers[id] : undefined;
  if (!entry) throw new Error(`there is no ${id}`);
  return entry;
}

/** What the app says in a job for which this contract is applied. */
function said(entry: EnverEntry): string[] {
  const lines: string[] = [];
  const content = { enver: entry.id, dispatch: 'd1', inputs: {}, entry };
  writeFileSync(join(folder, 'odmd.inputs.json'), JSON.stringify(content));
  const env = { ODMD_ENVER: entry.id, ODMD_DISPATCH: 'd1' };
  new CurrentEnver(shop.orders, { env, cwd: folder, say: (line) => lines.push(line) });
  return lines;
}

function install(path: string, content: object): void {
  mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(folder, path, 'package.json'), JSON.stringify(content));
}

it('nothing is said while the installed contract is the applied one', () => {
  expect(said(own)).toEqual([]);
});

it('both versions are named when they differ, and in what', () => {
  install('.', { dependencies: { zod: '4' }, devDependencies: { '@coffee/contracts': '1' } });
  install('node_modules/zod', { version: '4.0.0' });
  install('node_modules/@coffee/contracts', {
    version: '1.2.0',
    dependencies: { '@ondemandenv/contracts-base': '0.1.0' },
  });
  expect(said({ ...own, timeoutMinutes: 7, stacks: ['other'] })).toEqual([
    expect.stringMatching(
      /^odmd: warning: the contract of orders\/b\.\.main is [0-9a-f]{12} in @coffee\/contracts@1\.2\.0, [0-9a-f]{12} as the platform applies it; they differ in stacks, timeoutMinutes$/,
    ),
  ]);
});

it('an enver that the installed contracts do not have is told, and is no failure', () => {
  const revision = { kind: 'branch', ref: 'new' } as const;
  expect(said({ ...own, id: 'orders/b..new', revision })).toEqual([
    'odmd: warning: orders/b..new, which the platform applies, is not in the installed contracts',
  ]);
});
