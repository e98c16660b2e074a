import {
  Build,
  type BuildProps,
  type CloneSettings,
  Contracts,
  ContractsLibEnver,
  Revision,
} from '@ondemandenv/contracts-base';
import { Edge } from './edge.js';
import { EndToEnd } from './end-to-end.js';
import { Foundation } from './foundation.js';
import { Networking } from './networking.js';
import { EventCatalogue, OrderEvents } from './order-events.js';
import { OrderManager } from './order-manager.js';
import { OrderImages, OrderProcessor } from './order-processor.js';
import { ACCOUNTS, networking, REGIONS, REPOS, workspace0, workspace1, worldwide } from './places.js';
import { GUESTS, IDENTITY, ORDERS, PLATFORM } from './teams.js';
import { UserAuth } from './user-auth.js';
import { WebClient } from './web-client.js';

/** A pushed feature branch gets an environment of its own, which goes three days after the last push. */
const perFeature: CloneSettings = { auto: ['feature/*'], expires: '72h', max: 5 };

/** A version is built once. */
const release = { ...workspace0, revision: Revision.tag('v1.4.0'), clones: 'off' } as const;

/** The whole org, in the order in which things stand on each other. */
export class CoffeeShop extends Contracts {
  // These contracts are a build like any other: the org changes by pushing them.
  readonly contractsLib = new ContractsLibEnver(new Build(this, 'contracts'), workspace0);

  readonly networking = new Networking(new Build(this, 'networking', { workDir: 'network' }), networking);
  readonly edge = new Edge(new Build(this, 'edge', { repo: 'networking', workDir: 'edge' }), {
    ...worldwide,
    networking: this.networking,
    clones: 'off',
  });
  readonly foundation = new Foundation(new Build(this, 'foundation'), workspace1);
  readonly userAuth = new UserAuth(new Build(this, 'user-auth', IDENTITY), {
    ...workspace0,
    clones: 'off',
  });

  readonly orderEvents = new OrderEvents(new Build(this, 'order-events', { ...ORDERS, workDir: 'package' }), {
    ...release,
    packageName: '@coffee-shop/order-events',
  });
  readonly eventCatalogue = new EventCatalogue(
    new Build(this, 'event-catalogue', { ...ORDERS, repo: 'order-events', workDir: 'catalogue' }),
    { ...release, events: this.orderEvents, deploy: ['node deploy.mjs'] },
  );

  readonly orderImages = new OrderImages(this.shopBuild('order-images', 'processor/service'), {
    ...workspace1,
    images: { processor: {} },
    clones: perFeature,
  });
  readonly orderProcessor = new OrderProcessor(this.shopBuild('order-processor', 'processor/cdk'), {
    ...workspace1,
    foundation: this.foundation,
    images: this.orderImages,
    networking: this.networking,
    clones: perFeature,
    runtimeGrants: [{ account: 'workspace1', role: 'shop-support' }],
  });
  readonly orderManager = new OrderManager(this.shopBuild('order-manager', 'manager'), {
    ...workspace1,
    events: this.orderEvents,
    foundation: this.foundation,
    userAuth: this.userAuth,
    test: ['npm test'],
    clones: perFeature,
  });

  readonly webClient = new WebClient(new Build(this, 'web-client', GUESTS), {
    ...workspace1,
    edge: this.edge,
    orders: this.orderManager,
    userAuth: this.userAuth,
    deploy: ['node deploy.mjs'],
    destroy: ['node destroy.mjs'],
    clones: perFeature,
  });
  // The other half of a circle, laid once both ends exist.
  readonly callback = this.userAuth.returnTo(this.webClient.callback);

  readonly endToEnd = new EndToEnd(this.shopBuild('end-to-end', 'end-to-end'), {
    ...workspace1,
    catalogue: this.eventCatalogue,
    orders: this.orderManager,
    processor: this.orderProcessor,
    userAuth: this.userAuth,
    webClient: this.webClient,
    deploy: ['node run.mjs'],
    timeoutMinutes: 15,
    clones: perFeature,
  });

  constructor() {
    super('coffee-shop', {
      accounts: ACCOUNTS,
      regions: REGIONS,
      repos: REPOS,
      ...PLATFORM,
      tags: { app: 'coffee-shop' },
    });
  }

  /** One of the builds that are developed together, in one repository. */
  private shopBuild(id: string, workDir: string): Build {
    const props: BuildProps = { ...ORDERS, repo: 'shop', workDir };
    return new Build(this, id, props);
  }
}
