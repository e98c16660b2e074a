import { Build, Contracts, ContractsLibEnver, Revision } from '@ondemandenv/contracts-base';
import { FoundationEnver } from './foundation.js';
import { OrderManagerEnver } from './order-manager.js';
import { OrderProcessorEnver } from './order-processor.js';
import { WebClientEnver } from './web-client.js';

/** The coffee shop: what is not in here is not deployed. */
export const contracts = new Contracts('coffee-shop', {
  accounts: {
    central: { id: '111111111111', central: true },
    workspace0: { id: '222222222222' },
    workspace1: { id: '333333333333' },
  },
  repos: {
    contracts: { owner: 'coffee', name: 'contracts' },
    foundation: { owner: 'coffee', name: 'foundation' },
    shop: { owner: 'coffee', name: 'shop' },
  },
});

const main = { revision: Revision.branch('main'), region: 'us-west-1' };
const workspace0 = { ...main, account: 'workspace0' };
const workspace1 = { ...main, account: 'workspace1' };

// These contracts are a build like any other: the org changes by pushing them.
const contractsLib = new Build(contracts, 'contracts', { repo: 'contracts' });
new ContractsLibEnver(contractsLib, workspace0);

const foundation = new FoundationEnver(
  new Build(contracts, 'foundation', { repo: 'foundation' }), //
  workspace1,
);

// Three builds in one repository, a folder each: a push redeploys the builds whose folders it touches.
const manager = new OrderManagerEnver(
  new Build(contracts, 'order-manager', { repo: 'shop', workDir: 'manager' }),
  { ...workspace1, foundation },
);
const processor = new OrderProcessorEnver(
  new Build(contracts, 'order-processor', { repo: 'shop', workDir: 'processor' }),
  { ...workspace1, foundation },
);
new WebClientEnver(
  new Build(contracts, 'web-client', { repo: 'shop', workDir: 'web' }), //
  { ...workspace1, foundation, manager, processor },
);
