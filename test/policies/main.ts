/** `pnpm policies`: shows who may do what in an org, by the policies of the templates that the platform makes for it. */
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { contracts } from '@coffee-shop/contracts';
import { formatError, type Manifest, OdmdError, readManifest } from '@ondemandenv/contracts-base';
import { policyMatrix } from './matrix.js';
import { answersOf, mistakesOf, productsOf, text } from './print.js';

const USAGE = `Usage: pnpm policies [MANIFEST] [--json]

Makes the roles of every enver of an org and of its clones for one branch, lets each of them ask for what is another
enver's and the platform's, and decides it as IAM does. MANIFEST is what \`odmd synth\` wrote; without one it is the
example org. Ends with 1 when something is not as it should be.

Examples:
  pnpm policies
  pnpm policies .odmd/manifest.json --json`;

function manifestOf(file: string | undefined): Manifest {
  if (file !== undefined) {
    if (!existsSync(file)) throw new TypeError(`there is no file ${file}`);
    return readManifest(readFileSync(file, 'utf8'), file);
  }
  const result = contracts.synth();
  if (!result.ok) throw new Error('the example is broken');
  return result.manifest;
}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help) console.log(USAGE);
  else {
    const matrix = await policyMatrix(manifestOf(positionals[0]));
    const wrong = mistakesOf(matrix);
    const envers = matrix.org.entries.map(({ id }) => id);
    const json = { envers, answers: answersOf(matrix), products: productsOf(matrix), wrong };
    console.log(values.json ? JSON.stringify(json, undefined, 2) : text(matrix));
    process.exitCode = wrong.length === 0 ? 0 : 1;
  }
} catch (error) {
  if (!(error instanceof OdmdError || error instanceof TypeError)) throw error;
  console.error(error instanceof OdmdError ? formatError(error) : `${error.message}\n\n${USAGE}`);
  process.exitCode = error instanceof OdmdError ? 1 : 2;
}
