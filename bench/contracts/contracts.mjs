import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { growthExponent, timed } from '../statistics.mjs';
import { CONSUMERS, constructsOf, ENVERS, PRODUCERS } from './org.mjs';

const BUILDS = 2000;
const SIZES = [500, 1000, 2000, 4000];
/** Of each measurement the best counts: whatever else a machine does can only make one slower. */
const RUNS = 5;
/** What the library that this one succeeds takes to make such a tree and check little of it, where this was written. */
const PREDECESSOR_MS = 215;
const CHILD = fileURLToPath(new URL('child.mjs', import.meta.url));
const ODMD = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));

/** The contracts library at the size that it is made for. */
export async function contracts(progress) {
  const found = new Map();
  const measure = (name, size) => {
    const key = `${name} ${size}`;
    found.set(key, [...(found.get(key) ?? []), child(name, size)]);
  };
  // In turns, so that a noisy moment does not hit one figure only.
  for (let run = 1; run <= RUNS; run++) {
    progress(`round ${run} of ${RUNS}`);
    for (const size of SIZES) measure('synth', size);
    for (const name of ['reference', 'shared', 'diff', 'plan']) measure(name, BUILDS);
  }
  const best = (name, field, size = BUILDS) =>
    Math.min(...found.get(`${name} ${size}`).map((one) => one[field]));
  const unit = best('reference', 'ms');
  const ms = (name, value, target) => ({
    name,
    value,
    unit: 'ms',
    ...met(value, target),
    ratio: value / unit,
  });
  progress('odmd --help');
  const { help, bare } = starts();
  const exponent = growthExponent(SIZES.map((size) => ({ size, time: best('synth', 'total', size) })));
  const memory = Math.max(...found.get(`synth ${BUILDS}`).map(({ peakMegabytes }) => peakMegabytes));
  const reached = best('plan', 'reached');
  return {
    about: `${BUILDS} builds × ${ENVERS} envers × (${PRODUCERS} producers + ${CONSUMERS} consumptions), best of ${RUNS} runs`,
    figures: [
      { name: `reference: ${constructsOf(BUILDS)} plain constructs`, value: unit, unit: 'ms', ratio: 1 },
      ms('construct', best('synth', 'construct')),
      ms('check every rule and make the manifest', best('synth', 'synthesize')),
      ms('write the manifest', best('synth', 'write')),
      ms('construct, check and write', best('synth', 'total'), 3 * PREDECESSOR_MS),
      ms('the same with 3 types that all share', best('shared', 'total')),
      { name: 'size of the manifest', value: best('synth', 'bytes') / 2 ** 20, unit: 'MB' },
      { name: 'peak memory of that process', value: memory, unit: 'MB', ...met(memory, 400) },
      {
        name: `growth from ${SIZES[0]} to ${SIZES.at(-1)} builds (1: linear)`,
        value: exponent,
        ...met(exponent, 1.15),
      },
      ms('diff of one change, first call', best('diff', 'first'), 150),
      ms('diff of one change, warm', best('diff', 'warm')),
      ms('plan, first call, with its index', best('plan', 'cold'), 50),
      ms(`plan that reaches ${reached}, with its index`, best('plan', 'fresh'), 50),
      ms(`plan that reaches ${reached}, indexed before`, best('plan', 'indexed'), 50),
      { name: 'node -e 0', value: bare, unit: 'ms' },
      {
        name: 'odmd --help, more than bare node',
        value: help - bare,
        unit: 'ms',
        ...met(help - bare, 150),
        ratio: help / bare,
      },
    ],
    notes: [
      `"construct, check and write" may take 3 × ${PREDECESSOR_MS} ms; the last line's ratio is to bare node.`,
    ],
  };
}

function met(value, target) {
  return target === undefined ? {} : { target, met: value <= target };
}

function child(name, size) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CHILD, name, String(size)], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${name} ${size} failed:\n${stderr}`);
  return JSON.parse(stdout);
}

function starts() {
  const [bare, help] = [[], []];
  const start = (...args) => timed(() => spawnSync(process.execPath, args, { stdio: 'ignore' })).ms;
  for (let n = 0; n < 15; n++) {
    bare.push(start('-e', '0'));
    help.push(start(ODMD, '--help'));
  }
  return { bare: Math.min(...bare), help: Math.min(...help) };
}
