import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnverEntry, ProductEntry } from '@ondemandenv/contracts-base';
import { root } from '../../emulator/place.js';
import { type Ended, runProgram } from '../command.js';
import type { LandscapeOrg } from '../landscape.js';
import { installPackages } from '../org.js';

const CONTRACTS = join(root, 'examples/coffee-shop/contracts');

/** The coffee shop of the examples, with the contracts that it has. */
export const COFFEE_SHOP: LandscapeOrg = {
  owner: 'coffee-shop',
  synthesise: async (folder) => {
    // Its contracts are synthesised again by a job of theirs, which finds there what they stand on.
    installPackages(folder);
    const out = join(folder, 'synth');
    const ended = await odmd('synth', '--app', CONTRACTS, '--out', out);
    if (ended.code !== 0) throw new Error(ended.log);
    return join(out, 'manifest.json');
  },
};

/**
 * The workflow files of one of its repositories, as a person writes them with the CLI: a tag is to have them before the
 * platform knows of it.
 */
export async function workflowFiles(manifest: string, repo: string): Promise<Record<string, string>> {
  const out = mkdtempSync(join(tmpdir(), 'odmd-workflows-'));
  const ended = await odmd('workflows', '--manifest', manifest, '--repo', repo, '--out', out);
  if (ended.code !== 0) throw new Error(ended.log);
  const folder = '.github/workflows';
  const files = readdirSync(join(out, folder)).map((file) => [
    `${folder}/${file}`,
    readFileSync(join(out, folder, file), 'utf8'),
  ]);
  rmSync(out, { recursive: true });
  return Object.fromEntries(files);
}

function odmd(...args: string[]): Promise<Ended> {
  return runProgram(process.execPath, [join(root, 'packages/cli/dist/main.js'), ...args], { cwd: CONTRACTS });
}

/** The files of the repository of the contracts, compiled already: there is no compiler in the jobs of these tests. */
export function contractsFiles(): Record<string, string> {
  const { name, version, type, exports } = JSON.parse(read('package.json'));
  const compiled = readdirSync(join(CONTRACTS, 'dist')).filter((file) => /^[a-z-]+\.js$/.test(file));
  return {
    'package.json': JSON.stringify({ name, version, private: true, type, exports }),
    ...Object.fromEntries(compiled.map((file) => [`dist/${file}`, read(`dist/${file}`)])),
  };
}

function read(file: string): string {
  return readFileSync(join(CONTRACTS, file), 'utf8');
}

/** Values of products for which the contracts have no example. */
const VALUES: Readonly<Record<string, unknown>> = {
  report: { passed: 7, failed: 0 },
  url: 'https://events.coffee.example',
  package: { name: '@coffee-shop/order-events', version: '1.4.0', integrity: 'sha512-q83vEjRWeJA=' },
  'processor/imageDigest': `sha256:${'0a'.repeat(32)}`,
  'processor/repositoryUri': '444444444444.dkr.ecr.us-west-1.amazonaws.com/order-images/main/processor',
};

/** The file behind every artifact. */
export const ARTIFACT = { name: 'schemas.json', text: '{"type":"object"}' };

/** What the job of an enver puts out. */
export function outputsOf({ products }: EnverEntry): string {
  return products.map((product) => `${product.name}=${textOf(product)}\n`).join('');
}

function textOf({ name, kind, example }: ProductEntry): string {
  if (kind === 'artifact') return ARTIFACT.name;
  const value = example ?? VALUES[name];
  if (value === undefined) throw new Error(`nobody says what ${name} is`);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
