import {
  Build,
  Consumer,
  ContainerImageEnver,
  Contracts,
  ContractsLibEnver,
  Producer,
  Reaction,
  Revision,
  ScriptEnver,
  type ScriptEnverProps,
} from '@ondemandenv/contracts-base';
import { z } from 'zod';

export interface CoffeeOptions {
  /** Clones allowed of the web enver. */
  readonly maxClones?: number;
  /** Branches that get a clone of the web enver by themselves. */
  readonly autoClones?: readonly string[];
  readonly expires?: string;
  /** Adds a second consumption to the web enver. */
  readonly webReadsMenu?: boolean;
  readonly withoutWeb?: boolean;
  /** The web enver publishes its address for people to read. */
  readonly webUrl?: boolean;
  /** What the web enver may deploy by its exec role. */
  readonly webServices?: string[];
  /** Another enver of the web build, built from the branch `dev`. */
  readonly webOnDev?: boolean;
  /** Where the web enver is deployed. */
  readonly webRegion?: string;
  /** Nothing but the contractsLib's own enver. */
  readonly only?: 'contracts';
  /** The web enver goes when it leaves the contracts. */
  readonly ephemeralWeb?: boolean;
  /** How long a job of the manager may take. */
  readonly managerMinutes?: number;
  /** How the manager reacts to the menu. */
  readonly managerOn?: Reaction;
  /** What the manager is deployed with while there is no menu. */
  readonly menuPlaceholder?: string;
  /** Adds envers of tags, the second of which consumes these products of the first. */
  readonly release?: readonly ('rates' | 'fees')[];
  /** Adds an enver of an image, and in each of these accounts one that consumes it. */
  readonly imageIn?: readonly string[];
}

const place = { revision: Revision.branch('main'), account: 'workspace1', region: 'us-west-1' };

/** A small org with a diamond: foundation → manager, processor → web; the last three share a repo. */
export function coffeeContracts(options: CoffeeOptions = {}): Contracts {
  const contracts = new Contracts('coffee', {
    accounts: {
      central: { id: '111111111111', central: true },
      workspace0: { id: '222222222222' },
      workspace1: { id: '333333333333' },
    },
    repos: {
      contracts: { owner: 'coffee', name: 'contracts' },
      foundation: { owner: 'coffee', name: 'foundation' },
      shop: { owner: 'coffee', name: 'shop' },
      release: { owner: 'coffee', name: 'release' },
    },
  });
  new ContractsLibEnver(new Build(contracts, 'contracts', { repo: 'contracts' }), {
    ...place,
    account: 'workspace0',
  });

  if (options.only) return contracts;
  const foundation = script(contracts, 'foundation', 'foundation', '.');
  const menu = new Producer(foundation, 'menu', { schema: z.string() });
  const motto = new Producer(foundation, 'motto', { schema: z.string() });

  const timeoutMinutes = options.managerMinutes ?? 30;
  const manager = script(contracts, 'manager', 'shop', 'manager', { timeoutMinutes });
  new Consumer(manager, 'menu', menu, {
    onChange: options.managerOn ?? Reaction.deploy(),
    ...(options.menuPlaceholder !== undefined && { placeholder: options.menuPlaceholder }),
  });
  const managerApi = new Producer(manager, 'api', { schema: z.string() });

  const processor = script(contracts, 'processor', 'shop', 'processor');
  new Consumer(processor, 'menu', menu);
  const processorApi = new Producer(processor, 'api', { schema: z.string() });

  if (options.release) {
    const revision = Revision.tag('v1');
    const rates = script(contracts, 'rates', 'release', 'rates', { revision });
    const products = {
      rates: new Producer(rates, 'rates', { schema: z.string() }),
      fees: new Producer(rates, 'fees', { schema: z.string() }),
    };
    const release = script(contracts, 'release', 'release', 'release', { revision });
    for (const name of options.release) new Consumer(release, name, products[name]);
  }

  if (options.imageIn) {
    const build = new Build(contracts, 'images', { repo: 'shop', workDir: 'images' });
    const { server } = new ContainerImageEnver(build, { ...place, images: { server: {} } }).images;
    for (const account of options.imageIn)
      new Consumer(
        script(contracts, `runs-${account}`, 'shop', 'runs', { account }),
        'image',
        server.imageDigest,
      );
  }

  if (options.withoutWeb) return contracts;
  const { maxClones: max = 20, autoClones: auto, expires } = options;
  const web = script(contracts, 'web', 'shop', 'web', {
    clones: { max, ...(auto && { auto }), ...(expires && { expires }) },
    ...(options.ephemeralWeb && { ephemeral: true }),
    ...(options.webRegion && { region: options.webRegion }),
    ...(options.webServices && { exec: { services: options.webServices } }),
  });
  new Consumer(web, 'manager', managerApi);
  new Consumer(web, 'processor', processorApi);
  new Consumer(web, 'motto', motto, { onChange: Reaction.ignore(), placeholder: 'soon' });
  if (options.webReadsMenu) new Consumer(web, 'menu', menu);
  if (options.webUrl) new Producer(web, 'url', { schema: z.string(), public: true });
  if (options.webUrl) new Producer(web, 'key', { schema: z.string() });
  if (options.webOnDev)
    new ScriptEnver(web.build, { ...place, revision: Revision.branch('dev'), deploy: ['deploy'] });
  return contracts;
}

function script(
  contracts: Contracts,
  id: string,
  repo: string,
  workDir: string,
  more: Partial<ScriptEnverProps> = {},
): ScriptEnver {
  const build = new Build(contracts, id, { repo, workDir });
  return new ScriptEnver(build, { ...place, deploy: ['deploy'], destroy: ['destroy'], ...more });
}
