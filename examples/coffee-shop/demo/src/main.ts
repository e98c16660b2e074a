import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Demo } from './demo.js';
import { Platform } from './platform.js';
import { removeFolder } from './remove-folder.js';
import { Stage, styled } from './stage.js';
import { pushContracts } from './steps/1-contracts.js';
import { deployInOrder } from './steps/2-order.js';
import { changeProducts } from './steps/3-products.js';
import { cloneBranch } from './steps/4-clone.js';
import { breakContracts } from './steps/5-broken-contracts.js';
import { failAndHeal } from './steps/6-failure.js';
import { mistype } from './steps/7-typos.js';
import { deleteClones } from './steps/8-delete.js';

/*
 * The coffee shop from its first push to a deleted branch. The demo acts only as people would: by `git push`, by
 * `odmd` and by HTTP. Everything that it claims is checked; its exit code is 0 only if every claim held.
 */
const STEPS = [
  pushContracts,
  deployInOrder,
  changeProducts,
  cloneBranch,
  breakContracts,
  failAndHeal,
  mistype,
  deleteClones,
];

const root = join(dirname(fileURLToPath(import.meta.url)), '../../../..');
// The very installation, so that another build beside this demo does not exchange it.
const toolchain = dirname(realpathSync(join(root, '.toolchain', 'node_modules')));
const folder = mkdtempSync(join(tmpdir(), 'odmd-demo-'));
const interruption = new AbortController();
const { signal } = interruption;
const stage = new Stage();
const platform = new Platform(toolchain, join(folder, 'platform'), stage, signal);

for (const [name, code] of [
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.on(name, () => {
    process.exitCode = code;
    interruption.abort();
  });

try {
  await platform.start('coffee/contracts');
  const demo = new Demo({
    stage,
    platform,
    folder,
    example: join(root, 'examples/coffee-shop/demo'),
    signal,
  });
  for (const step of STEPS) await step(demo);
  stage.endStep();
  await platform.stop();
  await removeFolder(folder);
  stage.say('');
  stage.say(styled('bold', `${stage.held} claims held, in ${stage.seconds.toFixed(1)} s`));
} catch (error) {
  await platform.stop();
  if (signal.aborted) {
    await removeFolder(folder);
    stage.say('stopped: nothing is left running');
  } else {
    process.exitCode = 1;
    stage.say(styled('red', error instanceof Error ? error.message : String(error)));
    if (platform.complaints) stage.say(`the platform said:\n${platform.complaints.trimEnd()}`);
    stage.say(`${stage.held} claims held before; all that the platform kept is in ${folder}`);
  }
}
