import { fileURLToPath } from 'node:url';
import { IMPORTS, urlOf } from './fixtures.js';

/** The org of the examples, built. */
export const EXAMPLE = fileURLToPath(new URL('../../../../examples/coffee-shop/contracts', import.meta.url));

/** The same org, after ten mistakes. */
export const BROKEN_EXAMPLE = `${IMPORTS}
import { contracts } from ${urlOf(`${EXAMPLE}/dist/index.js`)};
export { contracts };

const { contractsLib, edge, eventCatalogue, foundation, networking, orderManager, userAuth, webClient } = contracts;
const place = { revision: Revision.branch('main'), account: 'workspace1', region: 'us-west-1', deploy: ['true'] };
const script = (id, build, props) => new ScriptEnver(new Build(contracts, id, build), { ...place, ...props });

script('loyalty', { repo: 'shop', workDir: 'loyalty' }, { account: 'workspace2' });
script('menu-board', { repo: 'menuBoard' });
script('audit', { repo: 'foundation', workDir: 'audit' }, { account: 'central' });
script('Foundation', { repo: 'foundation', workDir: 'new' }, { revision: Revision.branch('next') });
new Consumer(eventCatalogue, 'bus', foundation.bus);
new Consumer(contractsLib, 'bus', foundation.bus);
new Consumer(webClient, 'bus', foundation.bus, { placeholder: 'no such name' });
new Producer(edge, 'openedAt', { schema: z.date(), public: true });
new Consumer(foundation, 'orders', orderManager.api);
new Consumer(networking, 'guest', userAuth.testGuest);
`;

/** What each of them breaks, and where. */
export const EXAMPLE_BREACHES: readonly (readonly [code: string, where: string])[] = [
  ['ODMD101', 'enver loyalty/b..main'],
  ['ODMD102', 'build menu-board'],
  ['ODMD103', 'enver audit/b..main'],
  ['ODMD105', 'build foundation'],
  ['ODMD107', 'consumer bus of event-catalogue/t..v1.4.0'],
  ['ODMD109', 'consumer bus of contracts/b..main'],
  ['ODMD112', 'consumer bus of web-client/b..main'],
  ['ODMD114', 'product openedAt of edge/b..main'],
  ['ODMD115', 'enver foundation/b..main, enver order-manager/b..main'],
  ['ODMD136', 'consumer guest of networking/b..main'],
];
