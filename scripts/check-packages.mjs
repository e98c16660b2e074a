/**
 * Checks that the packages are fit to be published: packs each as a registry would get it, then asks publint about
 * its shape and `attw` whether TypeScript finds its types as Node finds its code (ES modules only).
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const attw = join(dirname(require.resolve('@arethetypeswrong/cli/package.json')), 'dist/index.js');

const folder = mkdtempSync(join(tmpdir(), 'odmd-packages-'));
try {
  for (const name of readdirSync(join(root, 'packages'))) {
    const source = join(root, 'packages', name);
    const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
    if (manifest.private) continue;
    const tarball = pack(source, join(folder, name));
    const problems = [...(await shapeProblems(tarball)), ...typeProblems(tarball)];
    console.log(`${problems.length === 0 ? 'fit' : 'not fit'}: ${manifest.name}@${manifest.version}`);
    for (const problem of problems) console.error(problem.replace(/^/gm, '  '));
    if (problems.length > 0) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The tarball of a package; `workspace:` dependencies become versions in it. */
function pack(source, destination) {
  const running = process.env.npm_execpath ?? '';
  const [command, ...first] = !/pnpm/.test(running)
    ? ['npx', '-y', 'pnpm@12.21.0']
    : /\.[cm]?js$/.test(running)
      ? [process.execPath, running]
      : [running];
  run(command, [...first, 'pack', '--pack-destination', destination], source);
  const [file] = readdirSync(destination);
  return join(destination, file);
}

async function shapeProblems(tarball) {
  const { messages, pkg } = await publint({ pack: { tarball: readFileSync(tarball) }, strict: true });
  return messages.map((message) => `publint ${message.type}: ${formatMessage(message, pkg)}`);
}

function typeProblems(tarball) {
  const args = [attw, tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-color', '--no-emoji'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return status === 0 ? [] : [`attw:\n${stdout}${stderr}`];
}

function run(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}${error ?? ''}`);
}
