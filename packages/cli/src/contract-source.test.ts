import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith, GOOD } from './testing/fixtures.js';
import { TEA_FILE } from './testing/manifests.js';
import { odmd, odmdHere } from './testing/odmd.js';

const COMPILER = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
const TSCONFIG = {
  compilerOptions: { types: [], lib: ['es2023'], skipLibCheck: true, outDir: 'dist', module: 'nodenext' },
  include: ['src'],
};
const COMPOSITE = {
  ...TSCONFIG,
  compilerOptions: {
    ...TSCONFIG.compilerOptions,
    composite: true,
    rootDir: 'src',
    tsBuildInfoFile: 'dist/.tsbuildinfo',
  },
};
const WRONG = 'export const tea: number = "hot";\n';

/** A package in TypeScript with this source, and this as what was built of it. */
function packageWith(source: string, built?: string, config: object = TSCONFIG): string {
  const cwd = folderWith({
    'package.json': JSON.stringify({ type: 'module', exports: './dist/index.js' }),
    'tsconfig.json': JSON.stringify(config),
  });
  for (const name of ['src', 'node_modules', ...(built === undefined ? [] : ['dist'])])
    mkdirSync(join(cwd, name));
  symlinkSync(COMPILER, join(cwd, 'node_modules/typescript'), 'junction');
  writeFileSync(join(cwd, 'src/index.ts'), source);
  if (built !== undefined) writeFileSync(join(cwd, 'dist/index.js'), built);
  return cwd;
}

/** Builds it with `tsc --build` and gives the exit code. */
function build(cwd: string): number | null {
  const compiler = join(cwd, 'node_modules/typescript/lib/tsc.js');
  return spawnSync(process.execPath, [compiler, '--build'], { cwd }).status;
}

function touch(file: string, at: string): void {
  utimesSync(file, new Date(at), new Date(at));
}

describe('every command says what is wrong with its contracts, in one message', () => {
  it.each([
    ['nothing.json', undefined, 'ODMD705', 'there is no such manifest file'],
    ['.', undefined, 'ODMD705', 'this is a folder, not a manifest file'],
    ['cut.json', TEA_FILE.slice(0, 1000), 'ODMD201', 'not JSON'],
    ['newer.json', TEA_FILE.replace('"schemaVersion": 1', '"schemaVersion": 2'), 'ODMD202', 'version 2'],
    ['other.json', '{"schemaVersion": 1}', 'ODMD203', 'not a valid manifest'],
  ])('a manifest %s', async (name, text, code, says) => {
    const cwd = folderWith(text === undefined ? {} : { [name]: text });
    for (const command of [['graph'], ['plan', '--source', 'cup/b..main']]) {
      const found = await odmdHere([...command, '--manifest', name], { cwd });
      expect(found).toMatchObject({ code: 1, out: '' });
      expect(found.err).toMatch(new RegExp(`^${code} [^]*\n  fix: .*\n$`));
      expect(found.err).toContain(says);
      expect(found.err).not.toMatch(/^\s+at /m);
    }
    expect((await odmdHere(['diff', name, name], { cwd })).err).toContain(code);
  });

  it.each(['.', 'src/index.ts'])('TypeScript errors in what is not built, with --app %s', async (app) => {
    const cwd = packageWith('const tea: number = "hot";\nexport const x: string = tea;\n');
    const { code, out, err } = await odmd(['validate', '--app', app], { cwd });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe(`ODMD707 ${cwd}: the contracts have 2 TypeScript errors:
  src/index.ts:1:7 TS2322 Type 'string' is not assignable to type 'number'.
  src/index.ts:2:14 TS2322 Type 'number' is not assignable to type 'string'.
  fix: correct the lines and build the package
`);
  });

  it('TypeScript errors in what was changed after it was built', async () => {
    const cwd = packageWith('export const tea: number = "hot";\n', GOOD);
    touch(join(cwd, 'dist/index.js'), '2020-01-01');
    expect((await odmd(['synth'], { cwd })).err).toMatch(
      /^ODMD707 .*a TypeScript error:\n {2}src\/index\.ts:1:14 /,
    );
  });

  it('TypeScript errors again and again, and of a composite project, without a trace in it', async () => {
    const cwd = packageWith(WRONG, GOOD, COMPOSITE);
    touch(join(cwd, 'dist/index.js'), '2020-01-01');
    for (const command of ['validate', 'validate', 'synth']) {
      const { code, out, err } = await odmd([command], { cwd });
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toMatch(/^ODMD707 .*a TypeScript error:\n {2}src\/index\.ts:1:14 TS2322 /);
    }
    expect(readdirSync(join(cwd, 'dist'))).toEqual(['index.js']);
  });

  it.each([{ noEmitOnError: true }, { noEmitOnError: false }])(
    'TypeScript errors after a build that failed for them, with %o',
    async (option) => {
      const config = { ...COMPOSITE, compilerOptions: { ...COMPOSITE.compilerOptions, ...option } };
      const cwd = packageWith('export const tea = "hot";\n', undefined, config);
      expect(build(cwd)).toBe(0);
      writeFileSync(join(cwd, 'src/index.ts'), WRONG);
      expect(build(cwd)).toBe(1);
      expect((await odmd(['validate'], { cwd })).err).toMatch(/^ODMD707 /);
    },
  );

  it('a compiler that fails without saying where', async () => {
    const cwd = packageWith('export const tea = "hot";\n');
    rmSync(join(cwd, 'node_modules/typescript'));
    mkdirSync(join(cwd, 'node_modules/typescript/lib'), { recursive: true });
    writeFileSync(join(cwd, 'node_modules/typescript/lib/tsc.js'), "throw new Error('no memory')");
    const { err } = await odmdHere(['validate'], { cwd });
    expect(err).toMatch(/^ODMD707 .*:\n {2}tsc ended with 1: [\s\S]*no memory/);
  });

  it('nothing of a package that a build found up to date', async () => {
    const cwd = packageWith('export const contracts = "none";\n', undefined, COMPOSITE);
    expect(build(cwd)).toBe(0);
    touch(join(cwd, 'dist/index.js'), '2020-01-01');
    expect((await odmd(['validate'], { cwd })).err).toMatch(/^ODMD704 /);
  });

  it('a package that was changed after it was built, as a warning', async () => {
    const cwd = packageWith('export const tea = "hot";\n', GOOD);
    expect((await odmd(['validate'], { cwd })).err).toBe('');
    touch(join(cwd, 'dist/index.js'), '2020-01-01');
    const { code, err } = await odmd(['validate'], { cwd });
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringMatching(/^warning: src\/index\.ts was changed/),
    });
    writeFileSync(join(cwd, 'dist/.tsbuildinfo'), '');
    expect((await odmd(['validate'], { cwd })).err).toBe('');
  });
});

describe('odmd synth', () => {
  it('writes identical bytes in every process', async () => {
    const cwd = folderWith({ 'contracts.mjs': GOOD });
    const outs = ['one', 'two'];
    for (const out of outs) await odmd(['synth', '--app', 'contracts.mjs', '--out', out], { cwd });
    const [one, two] = outs.map((out) => readFileSync(join(cwd, out, 'manifest.json')));
    expect(one?.equals(two ?? Buffer.of())).toBe(true);
  });
});
