import { loadTests } from '../load.mjs';
import { bundles } from './bundles.mjs';
import { burst } from './burst.mjs';
import { dispatches } from './dispatches.mjs';

const SAMPLES = 100;

/**
 * The whole platform on the emulators: from a push to its dispatch, from a product to the dispatch of who uses it, what
 * that costs in calls, and a burst of webhooks.
 */
export async function e2e(progress) {
  progress('bundles');
  const figures = bundles();
  progress('the platform is deployed');
  const { Landscape, CONTRACTS, FOUNDATION, SHOP, jobIdentity, sendWebhook } = await loadTests('e2e', {
    Landscape: 'landscape',
    'CONTRACTS, FOUNDATION, SHOP': 'org',
    jobIdentity: 'job-identity',
    sendWebhook: 'webhook',
  });
  const start = performance.now();
  const land = await Landscape.start();
  const seconds = (performance.now() - start) / 1000;
  figures.push({ name: 'three accounts bootstrapped, the platform deployed', value: seconds, unit: 's' });
  try {
    const repos = { foundation: FOUNDATION, shop: SHOP, contracts: CONTRACTS };
    const revision = { kind: 'branch', ref: 'main' };
    for (const [name, files] of Object.entries(repos)) {
      await land.github.createRepo(name);
      await land.github.push(`o/${name}`, revision, { message: 'the beginning', files });
    }
    await land.phases({ 'web/b..main': 'deployed', 'probe/b..main': 'deployed' }, 300);
    await land.calm();
    figures.push(...(await dispatches(land, jobIdentity, SAMPLES, progress)));
    progress('a burst of webhooks');
    figures.push(...(await burst(land, sendWebhook)));
  } finally {
    await land.stop();
  }
  const notes = [
    'The emulators answer in a millisecond or two, and start functions as processes of this machine: the times are for',
    'comparing releases with each other. The calls are what AWS and GitHub would see.',
  ];
  return { about: 'the platform on the emulators', figures, notes };
}
