import type { Demo } from '../demo.js';
import { address, deployed, enver, MAIN, named, pageAt, sameSet, shopAt } from '../views.js';

const { manager, web } = MAIN;

export async function failAndHeal(demo: Demo): Promise<void> {
  const { platform, stage } = demo;
  stage.step('A failing service holds up what is behind it, with the reason, until the next push heals it');
  const repo = await demo.repo('shop');
  await repo.switchTo('main');
  repo.edit('manager/special.json', [{ from: 'espresso', to: 'mocha' }]);
  repo.edit('web/page.mjs', [{ from: '<title>Coffee shop</title>', to: '<title>Mocha days</title>' }]);
  const answer = await repo.commitAndPush('Mocha days');
  const cause = 'mocha is not on the menu';
  stage.claim(`the push says why: … ${cause} …`, answer.includes(cause), answer);

  const status = await platform.settled();
  const failed = enver(status, manager);
  stage.claim(`${manager} failed`, failed.phase === 'failed' && failed.reason !== '', failed);
  const blocked = enver(status, web);
  const told = blocked.phase === 'blocked' && blocked.reason.includes(manager);
  stage.claim(`${web} is blocked: ${blocked.reason}`, told, blocked);
  const events = await platform.newEvents();
  stage.claim('nothing was deployed', deployed(events).length === 0, deployed(events));
  const open = await shopAt(address(status, web));
  stage.claim('guests see the shop as it was', open.specials === 'espresso for 2.40', open);

  repo.edit('manager/special.json', [{ from: 'mocha', to: 'cappuccino' }]);
  await repo.commitAndPush('Mocha is out, cappuccino it is');
  const healed = await platform.settled();
  const after = await platform.newEvents();
  const runs = named(after, 'EnverDispatched');
  stage.claim(`the next push deployed ${manager} and ${web}, each once`, sameSet(runs, [manager, web]), runs);
  stage.claim('both are well', sameSet(deployed(after), [manager, web]), deployed(after));
  const url = address(healed, web);
  const shop = await shopAt(url);
  const page = await pageAt(url);
  stage.claim(
    `guests see both pushes: ${shop.specials}, on the new page`,
    shop.specials === 'cappuccino for 3.04' && page.includes('Mocha days'),
    { shop, page },
  );
}
