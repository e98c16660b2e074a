import type { Demo } from '../demo.js';
import { address, deployed, MAIN, sameSet, shopAt } from '../views.js';

const { foundation, manager, processor, web } = MAIN;

export async function changeProducts(demo: Demo): Promise<void> {
  const { platform, stage } = demo;
  stage.step('A changed product redeploys exactly those who depend on it');
  const repo = await demo.repo('foundation');
  repo.edit('menu.json', [{ from: '250', to: '300' }]);
  await repo.commitAndPush('Espresso is 3.00');
  const status = await platform.settled();
  const byMenu = deployed(await platform.newEvents());
  stage.claim(
    'the menu: exactly foundation, order-manager, order-processor and the web client were deployed, each once',
    sameSet(byMenu, [foundation, manager, processor, web]),
    byMenu,
  );
  const priced = await shopAt(address(status, web));
  stage.claim(
    `the web client, which depends on it by two ways, has both new values: ${priced.specials}, ${priced.prices.espresso}`,
    priced.specials === 'espresso for 2.40' && priced.prices.espresso === '3.30',
    priced,
  );

  repo.edit('greeting.txt', [{ from: 'Good morning!', to: 'Good afternoon!' }]);
  await repo.commitAndPush('It is past noon');
  await platform.settled();
  const byGreeting = deployed(await platform.newEvents());
  stage.claim(
    'the greeting: exactly foundation and the web client were deployed',
    sameSet(byGreeting, [foundation, web]),
    byGreeting,
  );
  const greeted = await shopAt(address(status, web));
  stage.claim(`guests see: "${greeted.greeting}"`, greeted.greeting === 'Good afternoon!', greeted);
}
