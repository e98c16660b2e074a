import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadContracts } from './app.js';
import { folderWith, GOOD, IMPORTS } from './testing/fixtures.js';

/** The code, place and message of the refusal. */
async function refusal(app: string, cwd: string): Promise<{ code: string; where: string; message: string }> {
  return loadContracts(app, cwd).then(
    () => expect.fail('it loaded'),
    (error) => error,
  );
}

describe('loading contracts', () => {
  it('finds them in a package by its exports', async () => {
    const exports = { '.': { types: './index.d.ts', import: './contracts.mjs', default: './none.js' } };
    const cwd = folderWith({ 'contracts.mjs': GOOD, 'package.json': JSON.stringify({ exports }) });
    expect((await loadContracts('.', cwd)).org).toBe('tea-house');
  });

  it('finds them in a package by its main, and as the default export', async () => {
    const text = GOOD.replace('export const contracts =', 'const contracts =');
    const cwd = folderWith({
      'main.mjs': `${text}\nexport default contracts;`,
      'package.json': JSON.stringify({ main: './main.mjs' }),
    });
    expect((await loadContracts('.', cwd)).org).toBe('tea-house');
  });

  it('finds them in a CommonJS module', async () => {
    const cwd = folderWith({ 'good.mjs': GOOD });
    writeFileSync(join(cwd, 'index.cjs'), "exports.contracts = require('./good.mjs').contracts;");
    expect((await loadContracts('index.cjs', cwd)).org).toBe('tea-house');
  });

  it('says that nothing is there', async () => {
    const cwd = folderWith({});
    expect(await refusal('nowhere', cwd)).toMatchObject({ code: 'ODMD701', where: join(cwd, 'nowhere') });
    expect(await refusal('.', cwd)).toMatchObject({
      code: 'ODMD701',
      message: 'the folder has no package.json',
    });
  });

  it('says that the package is not built', async () => {
    const cwd = folderWith({ 'package.json': JSON.stringify({ exports: './dist/index.js' }) });
    const found = await refusal('.', cwd);
    expect(found).toMatchObject({ code: 'ODMD701', fix: expect.stringContaining('build the package first') });
    expect(found.message).toContain(join(cwd, 'dist/index.js'));
  });

  it('says in which line the contracts throw', async () => {
    const cwd = folderWith({ 'bad.mjs': '\nconst build = undefined;\nexport const x = build.id;\n' });
    const found = await refusal('bad.mjs', cwd);
    expect(found).toMatchObject({ code: 'ODMD702', where: expect.stringMatching(/bad\.mjs:3$/) });
    expect(found.message).toContain("reading 'id'");
  });

  it('says in which line of the org a library throws that is linked, not installed', async () => {
    const bad = "\nnew Contracts('tea-house', undefined);\n";
    const cwd = folderWith({ 'bad.mjs': `${IMPORTS}${bad}` });
    const line = `${IMPORTS}${bad}`.split('\n').findIndex((text) => text.startsWith('new ')) + 1;
    expect(await refusal('bad.mjs', cwd)).toMatchObject({
      code: 'ODMD702',
      where: join(cwd, `bad.mjs:${line}`),
    });
  });

  it('says which package is missing', async () => {
    const cwd = folderWith({ 'bad.mjs': "import '@tea/not-installed';" });
    expect((await refusal('bad.mjs', cwd)).message).toContain('@tea/not-installed');
  });

  it('says that a syntax error is one', async () => {
    const cwd = folderWith({ 'bad.mjs': 'export const = 1;' });
    expect(await refusal('bad.mjs', cwd)).toMatchObject({ code: 'ODMD702' });
  });

  it('lists what is exported when contracts are not', async () => {
    const cwd = folderWith({ 'other.mjs': 'export const contract = {}; export default 1;' });
    expect((await refusal('other.mjs', cwd)).message).toBe(
      'no contracts are exported, only: contract, default',
    );
  });

  it('refuses a package.json that is none', async () => {
    const cwd = folderWith({ 'package.json': '{' });
    mkdirSync(join(cwd, 'dist'));
    expect(await refusal('.', cwd)).toMatchObject({ code: 'ODMD702', where: join(cwd, 'package.json') });
  });
});
