import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { folderWith } from './testing/fixtures.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const { scripts } = readJson(join(ROOT, 'package.json'));

/** Runs the workspace's `odmd` as pnpm does: in a shell, at the root, with the workspace's commands. */
function rootOdmd(args: string): Promise<{ failed: boolean; out: string; err: string }> {
  const PATH = `${join(ROOT, 'node_modules/.bin')}${delimiter}${process.env.PATH}`;
  const options = { cwd: ROOT, env: { ...process.env, PATH } };
  return new Promise((resolve) =>
    execFile('sh', ['-c', `${scripts.odmd} ${args}`], options, (error, out, err) =>
      resolve({ failed: error !== null, out, err }),
    ),
  );
}

/** A project of TypeScript with everything that is built before it. */
function builtWith(project: string): string[] {
  const { references = [] } = readJson(join(project, 'tsconfig.json'));
  return [project, ...references.flatMap(({ path }: { path: string }) => builtWith(join(project, path)))];
}

function readJson(file: string) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

describe('`pnpm odmd` in this repository', () => {
  it('builds odmd and nothing that it could be asked about, whose errors are its own to report', () => {
    expect(scripts.odmd).toBe('tsc --build packages/cli && node packages/cli/dist/main.js');
    const built = builtWith(join(ROOT, 'packages/cli')).map((project) => relative(ROOT, project));
    expect(built.filter((project) => !project.startsWith('packages/'))).toEqual([]);
  });

  it('says what it finds in contracts, and only that', async () => {
    const cwd = folderWith({ 'package.json': '{"exports": "./dist/index.js"}' });
    const { failed, out, err } = await rootOdmd(`validate --app ${cwd}`);
    expect({ failed, out }).toEqual({ failed: true, out: '' });
    expect(err).toMatch(/^ODMD701 .* does not exist\n {2}fix: build the package first/);
  }, 120_000); // it builds odmd first, where a package changed
});
