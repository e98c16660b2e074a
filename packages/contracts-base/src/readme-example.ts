import {
  Build,
  CdkEnver,
  Consumer,
  ContainerImageEnver,
  Contracts,
  ContractsLibEnver,
  Producer,
  Reaction,
  Revision,
  ScriptEnver,
} from '@ondemandenv/contracts-base';
import { z } from 'zod';

class Foundation extends CdkEnver {
  readonly bus = new Producer(this, 'bus', {
    schema: z.string(),
    children: { source: { schema: z.string(), example: 'coffee.orders' } },
  });
}

class Orders extends CdkEnver<{ foundation: Foundation; images: ContainerImageEnver<'api'> }> {
  readonly bus = new Consumer(this, 'bus', this.props.foundation.bus);
  readonly source = new Consumer(this, 'source', this.props.foundation.bus.children.source);
  readonly image = new Consumer(this, 'image', this.props.images.images.api.imageDigest);
  readonly api = new Producer(this, 'api', { schema: z.object({ url: z.url(), stage: z.string() }) });
  override get stacks() {
    return ['data', 'api'];
  }
}

class Web extends ScriptEnver<{ orders: Orders }> {
  readonly api = new Consumer(this, 'api', this.props.orders.api);
  readonly url = new Producer(this, 'url', { schema: z.url(), public: true });
}

export const contracts = new Contracts('coffee-shop', {
  accounts: { central: { id: '111111111111', central: true }, workspace1: { id: '222222222222' } },
  repos: {
    contracts: { owner: 'coffee', name: 'contracts' },
    foundation: { owner: 'coffee', name: 'foundation' },
    shop: { owner: 'coffee', name: 'shop' },
  },
  owner: 'team-platform',
});

const place = { revision: Revision.branch('main'), account: 'workspace1', region: 'us-west-1' };
const inShop = (id: string) => new Build(contracts, id, { repo: 'shop', workDir: id, owner: 'team-shop' });

new ContractsLibEnver(new Build(contracts, 'contracts'), place);
const foundation = new Foundation(new Build(contracts, 'foundation'), place);
const images = new ContainerImageEnver(inShop('images'), { ...place, images: { api: {} } });
const orders = new Orders(inShop('orders'), { ...place, foundation, images });
const web = new Web(inShop('web'), { ...place, orders, deploy: ['npm run deploy'] });

// Orders and web consume each other: the second wire is laid once both exist.
new Consumer(orders, 'callback', web.url, {
  placeholder: 'http://localhost',
  onChange: Reaction.approve({ account: 'workspace1', role: 'shop-lead' }),
});
