import {
  Build,
  Consumer,
  Contracts,
  ContractsLibEnver,
  Producer,
  Revision,
  ScriptEnver,
  type ScriptEnverProps,
} from '@ondemandenv/contracts-base';
import { z } from 'zod';

class Foundation extends ScriptEnver {
  readonly menu = new Producer(this, 'menu', { schema: z.array(z.string()), example: ['espresso'] });
}

class Orders extends ScriptEnver {
  constructor(build: Build, props: ScriptEnverProps & { foundation: Foundation }) {
    super(build, props);
    new Consumer(this, 'menu', props.foundation.menu);
  }
}

export const contracts = new Contracts('coffee-shop', {
  accounts: { central: { id: '111111111111', central: true }, workspace1: { id: '222222222222' } },
  repos: {
    contracts: { owner: 'coffee', name: 'contracts' },
    foundation: { owner: 'coffee', name: 'foundation' },
    orders: { owner: 'coffee', name: 'orders' },
  },
});

const place = { revision: Revision.branch('main'), account: 'workspace1', region: 'us-west-1' };
const build = (repo: string) => new Build(contracts, repo, { repo });

new ContractsLibEnver(build('contracts'), place);
const foundation = new Foundation(build('foundation'), { ...place, deploy: ['npm run deploy'] });
new Orders(build('orders'), { ...place, deploy: ['npm run deploy'], foundation });
