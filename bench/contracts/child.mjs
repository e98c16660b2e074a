/** One measurement in a process of its own, so that none warms up or fills the memory of another. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diffManifests, planChange, writeManifest } from '@ondemandenv/contracts-base';
import { timed } from '../statistics.mjs';
import { CONSUMERS, ENVERS, generate, ownTypes, PRODUCERS, sharedTypes } from './org.mjs';

const REPEATS = 7;
const MEASURES = { synth, shared: (size) => synth(size, sharedTypes()), diff, plan, reference };
const [name, builds] = process.argv.slice(2);
console.log(JSON.stringify(await MEASURES[name](Number(builds))));

/** Contracts are constructed, checked by every rule, and written to a file as a manifest. */
function synth(size, types = ownTypes) {
  const folder = mkdtempSync(join(tmpdir(), 'odmd-bench-'));
  try {
    const construct = timed(() => generate(size, types));
    const synthesize = timed(() => manifestOf(construct.result));
    const write = timed(() => {
      const text = writeManifest(synthesize.result);
      writeFileSync(join(folder, 'manifest.json'), text);
      return Buffer.byteLength(text);
    });
    return {
      construct: construct.ms,
      synthesize: synthesize.ms,
      write: write.ms,
      total: construct.ms + synthesize.ms + write.ms,
      bytes: write.result,
      // In kilobytes.
      peakMegabytes: process.resourceUsage().maxRSS / 1024,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Two manifests that were read apart and differ in the type of one consumed product. */
function diff(size) {
  const manifest = manifestOf(generate(size));
  const text = JSON.stringify(manifest);
  const used = Object.values(manifest.envers).find(({ consumes }) => consumes.length > 0).consumes[0];
  const times = [];
  for (let n = 0; n < REPEATS; n++) {
    const [before, after] = [JSON.parse(text), JSON.parse(text)];
    const product = after.envers[used.from].products.find(({ path }) => path === used.path);
    product.schema = { type: 'integer' };
    const { ms, result } = timed(() => diffManifests(before, after));
    if (result.bump !== 'major') throw new Error(`expected a breaking change, got ${result.bump}`);
    times.push(ms);
  }
  return { first: times[0], warm: Math.min(...times.slice(1)) };
}

/** The change of one source that reaches the number of envers that is nearest to 1,000. */
function plan(size) {
  const manifest = manifestOf(generate(size));
  const text = JSON.stringify(manifest);
  const ids = Object.keys(manifest.envers);
  const once = JSON.parse(text);
  // The first plan of all: nothing is compiled or indexed.
  const cold = timed(() => planChange(once, { sources: [ids[Math.floor(ids.length / 2)]] })).ms;
  const reach = (id) => planChange(once, { sources: [id] }).phases.flat().length;
  const distance = (id) => Math.abs(reach(id) - 1000);
  const candidates = ids.filter((_, at) => at % Math.ceil(ids.length / 400) === 0);
  const source = candidates.map((id) => [distance(id), id]).sort(([a], [b]) => a - b)[0][1];
  const fresh = Array.from({ length: REPEATS }, () => {
    const copy = JSON.parse(text);
    return timed(() => planChange(copy, { sources: [source] })).ms;
  });
  const indexed = Array.from(
    { length: REPEATS },
    () => timed(() => planChange(once, { sources: [source] })).ms,
  );
  return { reached: reach(source), cold, fresh: Math.min(...fresh), indexed: Math.min(...indexed) };
}

async function reference(size) {
  const { reference: measure } = await import('./reference.mjs');
  return { ms: measure(size, { envers: ENVERS, leaves: PRODUCERS + CONSUMERS }) };
}

function manifestOf(contracts) {
  const result = contracts.synth();
  if (result.ok) return result.manifest;
  throw new Error(`the generated org breaks rules: ${JSON.stringify(result.errors.slice(0, 3), null, 2)}`);
}
