import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { folderWith } from '../testing/fixtures.js';
import { odmdHere } from '../testing/odmd.js';

/** The packages as an org installs them. */
const INSTALLED = fileURLToPath(new URL('../../../../.toolchain/node_modules', import.meta.url));

/** The tarballs that they were installed from. */
const PACKAGES = join(realpathSync(INSTALLED), '../packages');

function npm(cwd: string, ...args: string[]): string {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: 'pipe' });
}

describe('odmd init', () => {
  it('makes a package that passes its own tests and breaks no rule', async () => {
    const cwd = folderWith({});
    const { code, out } = await odmdHere(['init', 'law', '--org', 'tea-house'], { cwd });
    expect(code).toBe(0);
    expect(out).toContain('\nnext:\n  cd law\n  npm install && npm test\n');
    expect(out).toContain('from the npm registry, once they are published');

    const folder = join(cwd, 'law');
    symlinkSync(INSTALLED, join(folder, 'node_modules'), 'junction');
    expect(npm(folder, 'test')).toMatch(/\bpass 2$/m);
    expect(await odmdHere(['validate', '--app', 'law'], { cwd })).toEqual({
      code: 0,
      out: 'valid: the contracts of tea-house, 3 envers\n',
      err: '',
    });
  });

  it('makes a package that npm installs from tarballs, and that passes its own tests then', async () => {
    const cwd = folderWith({});
    const { code, out } = await odmdHere(['init', 'law', '--packages', PACKAGES], { cwd });
    expect(code).toBe(0);
    expect(out).toContain(
      `  npm install && npm test\n    (@ondemandenv/* come from the tarballs in ${PACKAGES})\n`,
    );

    const folder = join(cwd, 'law');
    npm(folder, 'install', '--prefer-offline', '--no-audit', '--no-fund');
    expect(npm(folder, 'test')).toMatch(/\bpass 2$/m);
    expect(npm(folder, 'exec', '--', 'odmd', 'validate')).toContain(
      'valid: the contracts of law, 3 envers\n',
    );
    const lock = readFileSync(join(folder, 'package-lock.json'), 'utf8');
    expect(lock).not.toMatch(/registry\S*@ondemandenv/);
  }, 180_000);

  it('refuses a folder that lacks a package, before it writes', async () => {
    const cwd = folderWith({});
    const { code, err } = await odmdHere(['init', 'law', '--packages', '.'], { cwd });
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^ODMD717 .*\n {2}fix: pack /) });
    for (const name of readdirSync(PACKAGES)) expect(err).toContain(name);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('pins what this release works with, and is called after its folder', async () => {
    const cwd = folderWith({});
    const { out } = await odmdHere(['init', 'Tea.House', '--json'], { cwd });
    const { org, folder, files } = JSON.parse(out);
    expect({ org, folder }).toEqual({ org: 'Tea-House', folder: join(cwd, 'Tea.House') });
    expect(readdirSync(folder, { recursive: true })).toEqual(expect.arrayContaining(files));
    const { default: manifest } = await import(join(folder, 'package.json'), { with: { type: 'json' } });
    expect(manifest.name).toBe('@tea-house/contracts');
    for (const version of Object.values({ ...manifest.dependencies, ...manifest.devDependencies }))
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    const { default: workshop } = await import('../../../../package.json', { with: { type: 'json' } });
    for (const name of ['typescript', '@types/node'] as const)
      expect(manifest.devDependencies[name]).toBe(workshop.devDependencies[name]);
  });

  it.each([
    ['.', 'the folder is not empty: old.txt'],
    ['old.txt', 'this is a file, not a folder'],
  ])('refuses to write into %s', async (dir, problem) => {
    const cwd = folderWith({ 'old.txt': '' });
    const { code, err } = await odmdHere(['init', dir], { cwd });
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(`: ${problem}\n  fix: `) });
    expect(err).toMatch(/^ODMD713 /);
    expect(readdirSync(cwd)).toEqual(['old.txt']);
  });

  it('refuses an org name that is none', async () => {
    const { code, err } = await odmdHere(['init', '--org', 'tea house'], { cwd: folderWith({}) });
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^ODMD117 --org: /) });
  });
});
