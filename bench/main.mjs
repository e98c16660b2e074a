/**
 * Benchmarks: `pnpm bench <name> [--json] [--check]`. Each prints its figures beside what they should be, and the
 * ratio to a loop of plain work that was measured in the same run, so that runs on other machines can be compared.
 */
import { parseArgs } from 'node:util';
import { contracts } from './contracts/contracts.mjs';
import { controlPlane } from './control-plane/control-plane.mjs';
import { e2e } from './e2e/e2e.mjs';
import { runtime } from './runtime/runtime.mjs';
import { table } from './table.mjs';

const SUITES = { contracts, 'control-plane': controlPlane, runtime, e2e };
const USAGE = `Usage: pnpm bench <${Object.keys(SUITES).join('|')}> [--json] [--check]
  --json   print the figures as JSON
  --check  exit with 1 when a figure misses its target`;

process.exitCode = await main(process.argv.slice(2));

async function main(args) {
  let parsed;
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        check: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    console.error(`${error.message}\n${USAGE}`);
    return 2;
  }
  const { values, positionals } = parsed;
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const unknown = positionals.filter((name) => !Object.hasOwn(SUITES, name));
  if (unknown.length > 0 || positionals.length === 0) {
    console.error(unknown.length > 0 ? `no such benchmark: ${unknown.join(', ')}\n${USAGE}` : USAGE);
    return 2;
  }
  const results = [];
  for (const name of positionals) {
    const progress = (text) => process.stderr.isTTY && console.error(`${name}: ${text}…`);
    results.push({ suite: name, ...(await SUITES[name](progress)) });
  }
  if (values.json) console.log(JSON.stringify({ node: process.version, results }, null, 2));
  else for (const result of results) console.log(table(result));
  const missed = results.some(({ figures }) => figures.some(({ met }) => met === false));
  return values.check && missed ? 1 : 0;
}
