import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';

const require = createRequire(import.meta.url);

/** What a module in any folder imports a package, or a file, by; as a literal. */
export const urlOf = (name: string) => JSON.stringify(pathToFileURL(require.resolve(name)).href);

/** What contracts begin with. */
export const IMPORTS = `
import { Build, Consumer, Contracts, ContractsLibEnver, Producer, Revision, ScriptEnver } from ${urlOf('@ondemandenv/contracts-base')};
import { z } from ${urlOf('zod')};
`;

/** Contracts that break no rule. */
export const GOOD = `${IMPORTS}
export const contracts = new Contracts('tea-house', {
  accounts: { central: { id: '111111111111', central: true }, work: { id: '222222222222' } },
  repos: { contracts: { owner: 'tea', name: 'contracts' }, house: { owner: 'tea', name: 'house' } },
});
const props = { revision: Revision.branch('main'), account: 'work', region: 'eu-north-1', deploy: ['true'] };
new ContractsLibEnver(new Build(contracts, 'contracts', { repo: 'contracts' }), props);
const kettle = new ScriptEnver(new Build(contracts, 'kettle', { repo: 'house', workDir: 'kettle' }), props);
const cup = new ScriptEnver(new Build(contracts, 'cup', { repo: 'house', workDir: 'cup' }), props);
new Consumer(cup, 'water', new Producer(kettle, 'water', { schema: z.string(), example: 'hot' }));
`;

/** Contracts that break a rule in every line, and two things that deserve a warning. */
export const BROKEN = `${IMPORTS}
export const contracts = new Contracts('tea house', {
  accounts: { central: { id: '111111111111', central: true }, work: { id: 'two' } },
  repos: { contracts: { owner: 'tea', name: 'contracts' } },
});
const props = { revision: Revision.branch('ma in'), account: 'play', region: 'europe', deploy: ['true'] };
new ContractsLibEnver(new Build(contracts, 'contracts', { repo: 'contracts' }), { ...props, account: 'central' });
const kettle = new ScriptEnver(new Build(contracts, 'kettle', { repo: 'house', workDir: '../kettle' }), props);
new Producer(kettle, 'hot water', { schema: z.string(), example: 100 });
`;

/** The codes that \`BROKEN\` breaks. */
export const BROKEN_CODES = [
  'ODMD101',
  'ODMD102',
  'ODMD103',
  'ODMD110',
  'ODMD113',
  'ODMD116',
  'ODMD117',
  'ODMD118',
  'ODMD119',
  'ODMD120',
];

/** A folder with these files, gone when the test is over. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'odmd-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}
