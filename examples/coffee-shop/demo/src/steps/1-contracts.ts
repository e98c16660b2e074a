import type { Demo } from '../demo.js';
import { enver, MAIN, sameSet } from '../views.js';

export async function pushContracts(demo: Demo): Promise<void> {
  const { platform, stage } = demo;
  stage.step('The org pushes its contracts, and the platform knows what there is to deploy');
  const contracts = await demo.repo('contracts');
  await contracts.push();
  const status = await platform.settled();
  stage.claim(
    'the pushed contracts are in force',
    status.contracts?.sha === (await contracts.head()),
    status,
  );
  stage.claim('the platform knows the five envers of the contracts', knowsMain(status.envers), status.envers);
  const { phase } = enver(status, MAIN.contracts);
  stage.claim('the contracts themselves are a deployed enver', phase === 'deployed', phase);
  await platform.newEvents();
}

function knowsMain(envers: readonly { readonly id: string }[]): boolean {
  return sameSet(
    envers.map(({ id }) => id),
    Object.values(MAIN),
  );
}
