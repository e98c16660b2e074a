import {
  Build,
  CdkEnver,
  Consumer,
  ContainerImageEnver,
  Contracts,
  ContractsLibEnver,
  Producer,
  Revision,
} from '@ondemandenv/contracts-base';
import { z } from 'zod';

class Foundation extends CdkEnver {
  readonly bus = new Producer(this, 'bus', {
    schema: z.string(),
    example: 'example-bus',
    children: { source: { schema: z.string() } },
  });
  readonly limits = new Producer(this, 'limits', {
    schema: z.object({ orders: z.int() }),
    example: { orders: 7 },
  });
}

class Orders extends CdkEnver<{ foundation: Foundation; images: ContainerImageEnver<'api'> }> {
  readonly bus = new Consumer(this, 'bus', this.props.foundation.bus);
  readonly source = new Consumer(this, 'source', this.props.foundation.bus.children.source, {
    placeholder: 'shop.placeholder',
  });
  readonly limits = new Consumer(this, 'limits', this.props.foundation.limits);
  readonly digest = new Consumer(this, 'digest', this.props.images.images.api.imageDigest);
  readonly image = new Consumer(this, 'image', this.props.images.images.api.repositoryUri);
  readonly api = new Producer(this, 'api', { schema: z.object({ url: z.url(), stage: z.string() }) });
  readonly table = new Producer(this, 'table', {
    schema: z.string().min(3),
    children: { stream: { schema: z.string() } },
  });
}

/** Contracts of a small shop: a foundation, images, and orders with two stacks, which branches like feature/* copy. */
class Shop extends Contracts {
  constructor() {
    super('shop', {
      accounts: { central: { id: '111111111111', central: true }, workspace: { id: '444444444444' } },
      repos: {
        contracts: { owner: 'coffee', name: 'contracts' },
        foundation: { owner: 'coffee', name: 'foundation' },
        orders: { owner: 'coffee', name: 'orders' },
      },
      owner: 'team-orders',
      costCentre: 'cc-1',
      tags: { app: 'coffee' },
    });
  }
  private readonly main = { revision: Revision.branch('main'), account: 'workspace', region: 'us-west-1' };
  readonly contractsLib = new ContractsLibEnver(new Build(this, 'contracts'), this.main);
  readonly foundation = new Foundation(new Build(this, 'foundation'), this.main);
  readonly images = new ContainerImageEnver(new Build(this, 'images', { repo: 'orders', workDir: 'image' }), {
    ...this.main,
    images: { api: {} },
  });
  readonly orders = new Orders(new Build(this, 'orders', { workDir: 'app' }), {
    ...this.main,
    foundation: this.foundation,
    images: this.images,
    stacks: ['', 'data'],
    clones: { auto: ['feature/*'] },
  });
}

export const shop = new Shop();
