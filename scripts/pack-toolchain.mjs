/**
 * Packs the packages that people and jobs run and installs them in `.toolchain/`, a folder outside the workspace, exactly as an
 * organisation would get them from a registry. Jobs of the local platform run with this toolchain, so whatever works
 * there works without this repository.
 *
 * Each packed content has an installation of its own, `.toolchain/installs/<digest>`, which appears complete or not
 * at all; `.toolchain/node_modules` links to the newest. So a platform that still runs keeps the toolchain that it
 * was started with, two runs at once do not disturb each other, and unchanged packages cost nothing.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PNPM = 'pnpm@12.21.0';
const KEPT_INSTALLS = 3;
/** What people and jobs run; what only the cloud needs is not among it. */
const TOOLS = ['@ondemandenv/cli', '@ondemandenv/enver-runtime'];
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const toolchain = join(root, '.toolchain');
const installs = join(toolchain, 'installs');

const fresh = join(toolchain, `new-${process.pid}`);
let packages = [];
try {
  packages = publishable();
  const install = join(installs, pack());
  if (!existsSync(install)) {
    pnpm(fresh, ['install', '--prefer-offline', '--no-frozen-lockfile']);
    mkdirSync(installs, { recursive: true });
    moveTo(install);
    console.log(
      `toolchain: installed ${packages.map(({ name, version }) => `${name}@${version}`).join(', ')}`,
    );
  }
  link(install);
  prune();
} catch (error) {
  console.error(`pack-toolchain: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

/** Fills the fresh folder with the tarballs and what installs them; gives the digest of it all. */
function pack() {
  const tarballs = join(fresh, 'packages');
  mkdirSync(tarballs, { recursive: true });
  pnpm(root, [
    ...packages.flatMap(({ name }) => ['--filter', name]),
    '-r',
    'pack',
    '--pack-destination',
    tarballs,
  ]);
  const files = { 'package.json': manifest(), 'pnpm-workspace.yaml': workspace() };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(fresh, name), text);
  const packed = packages.map((found) => sha256(readFileSync(join(tarballs, tarball(found)))));
  return sha256(JSON.stringify([files, packed])).slice(0, 16);
}

/** Gives the fresh folder its place, unless another run was faster. */
function moveTo(install) {
  try {
    renameSync(fresh, install);
  } catch (error) {
    if (!existsSync(install)) throw error;
  }
}

/** Makes an installation the current one. */
function link(install) {
  const current = join(toolchain, 'node_modules');
  const next = `${current}.${process.pid}`;
  symlinkSync(join(install, 'node_modules'), next, 'junction');
  renameSync(next, current);
  utimesSync(install, new Date(), new Date());
}

/** Removes installations that have not been used for the longest time, and what runs left that were killed. */
function prune() {
  const usedAt = (name) => statSync(join(installs, name)).mtimeMs;
  const old = readdirSync(installs)
    .sort((a, b) => usedAt(b) - usedAt(a))
    .slice(KEPT_INSTALLS);
  for (const name of old) rmSync(join(installs, name), { recursive: true, force: true });
  for (const name of readdirSync(toolchain)) {
    const [, pid] = /^(?:new-|node_modules\.)(\d+)$/.exec(name) ?? [];
    if (pid && !isAlive(Number(pid))) rmSync(join(toolchain, name), { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** The tools with the packages of the workspace that they depend on; each has to be built. */
function publishable() {
  const folders = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name));
  const known = new Map(
    folders
      .filter((folder) => existsSync(join(folder, 'package.json')))
      .map((folder) => ({ folder, ...readJson(join(folder, 'package.json')) }))
      .map((found) => [found.name, found]),
  );
  const wanted = new Set(TOOLS);
  for (const name of wanted)
    for (const dependency of Object.keys(known.get(name)?.dependencies ?? {}))
      if (known.has(dependency)) wanted.add(dependency);
  return [...wanted].sort().map((name) => {
    const { folder, version } = known.get(name);
    if (!existsSync(join(folder, 'dist/index.js')))
      throw new Error(`${name} is not built: run \`pnpm run build\` first`);
    return { name, version };
  });
}

/** What an org installs: the platform's packages, and what its contracts are written with. */
function manifest() {
  const ours = Object.fromEntries(packages.map(({ name, version }) => [name, version]));
  const { devDependencies: workshop } = readJson(join(root, 'package.json'));
  const { devDependencies: contracts } = readJson(join(root, 'packages/contracts-base/package.json'));
  const { typescript, '@types/node': node } = workshop;
  const { constructs, zod } = contracts;
  const dependencies = { ...ours, typescript, '@types/node': node, constructs, zod };
  return `${JSON.stringify({ name: 'toolchain', private: true, dependencies }, null, 2)}\n`;
}

/** The packages come from their tarballs, also where they depend on each other. */
function workspace() {
  return [
    'packages: []',
    // Flat, as npm installs: a module of the org and the platform's packages share one copy of zod and constructs.
    'nodeLinker: hoisted',
    'verifyDepsBeforeRun: false',
    'allowBuilds:',
    '  lmdb: false',
    '  msgpackr-extract: false',
    'overrides:',
    ...packages.map((found) => `  '${found.name}': 'file:packages/${tarball(found)}'`),
    '',
  ].join('\n');
}

/** The file that `pnpm pack` makes of a package. */
function tarball({ name, version }) {
  return `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
}

/** Runs the pnpm that runs this script, or the pinned one; its output is shown only when it fails. */
function pnpm(cwd, args) {
  const running = process.env.npm_execpath ?? '';
  const [command, ...first] = !/pnpm/.test(running)
    ? ['npx', '-y', PNPM]
    : /\.[cm]?js$/.test(running)
      ? [process.execPath, running]
      : [running];
  const result = spawnSync(command, [...first, ...args], { cwd, encoding: 'utf8' });
  if (result.error) throw new Error(`cannot run ${command}: ${result.error.message}`);
  if (result.status !== 0)
    throw new Error(`pnpm ${args.join(' ')} failed:\n${result.stdout}${result.stderr}`);
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function sha256(data) {
  return createHash('sha256').update(data).digest('hex');
}
