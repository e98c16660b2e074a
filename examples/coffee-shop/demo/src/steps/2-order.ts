import type { Demo } from '../demo.js';
import { address, deployed, enver, MAIN, sameSet, shopAt } from '../views.js';

const { foundation, manager, processor, web } = MAIN;

export async function deployInOrder(demo: Demo): Promise<void> {
  const { platform, stage } = demo;
  stage.step('Services are pushed in the wrong order and deployed in the right one');
  await (await demo.repo('shop')).push();
  const early = await platform.settled();
  for (const id of [manager, processor, web]) {
    const { phase, reason } = enver(early, id);
    stage.claim(`${id}: ${reason}`, phase === 'waiting' && reason.includes(MAIN.foundation), {
      phase,
      reason,
    });
  }
  stage.claim('nothing was deployed', deployed(await platform.newEvents()).length === 0);

  await (await demo.repo('foundation')).push();
  const status = await platform.settled();
  const order = deployed(await platform.newEvents());
  stage.claim('foundation was deployed first', order[0] === foundation, order);
  stage.claim(
    'then order-manager and order-processor',
    sameSet(order.slice(1, 3), [manager, processor]),
    order,
  );
  stage.claim('then the web client, each of the four once', order[3] === web && order.length === 4, order);
  const shop = await shopAt(address(status, web));
  stage.claim(
    `guests see: "${shop.greeting}", ${shop.specials}, latte ${shop.prices.latte}`,
    shop.greeting === 'Good morning!' &&
      shop.specials === 'espresso for 2.00' &&
      shop.prices.latte === '4.62',
    shop,
  );
  await platform.showStatus();
}
