import { z } from 'zod';
import {
  Build,
  Consumer,
  Contracts,
  ContractsLibEnver,
  Producer,
  Revision,
  ScriptEnver,
  type ScriptEnverProps,
} from '../constructs/index.js';
import { checkRules } from '../rules/index.js';

export const WORKSPACE = { account: 'workspace1', region: 'us-west-1' } as const;
export const MAIN = Revision.branch('main');

/** Healthy contracts, without a finding, for a test to break in one place. */
export class CoffeeShop extends Contracts {
  readonly lib: ContractsLibEnver;
  readonly foundation: ScriptEnver;
  readonly orders: ScriptEnver;
  readonly menu: Producer<z.ZodArray<z.ZodString>>;
  readonly bus: Producer<z.ZodString>;

  constructor() {
    super('coffee-shop', {
      accounts: {
        central: { id: '111111111111', central: true },
        workspace1: { id: '222222222222' },
        workspace2: { id: '333333333333' },
      },
      repos: {
        contracts: { owner: 'coffee', name: 'contracts' },
        shop: { owner: 'coffee', name: 'shop' },
      },
    });
    const lib = new Build(this, 'contracts', { repo: 'contracts' });
    this.lib = new ContractsLibEnver(lib, { ...WORKSPACE, revision: MAIN });
    this.foundation = this.enver('foundation');
    this.orders = this.enver('orders');
    this.bus = new Producer(this.foundation, 'bus', { schema: z.string(), example: 'bus-1' });
    this.menu = new Producer(this.bus, 'menu', { schema: z.array(z.string()), example: ['espresso'] });
    new Consumer(this.orders, 'bus', this.bus);
    new Consumer(this.orders, 'menu', this.menu, { placeholder: [] });
  }

  /** Another script enver; of an existing build when `id` names one. */
  enver(id: string, props: Partial<ScriptEnverProps> = {}): ScriptEnver {
    const build =
      this.builds.find((known) => known.id === id) ??
      new Build(this, id, { repo: 'shop', workDir: id || '.' });
    return new ScriptEnver(build, { ...WORKSPACE, revision: MAIN, deploy: ['./deploy.sh'], ...props });
  }
}

/** That an enver stands alone (ODMD192), as most do that a test adds. */
const ALONE = 'ODMD192';

/** Every finding as `CODE where`, in the order in which it is reported; envers that stand alone are none. */
export function findings(contracts: Contracts): string[] {
  const { errors, warnings } = checkRules(contracts);
  return [...errors, ...warnings]
    .filter(({ code }) => code !== ALONE)
    .map(({ code, where }) => `${code} ${where}`);
}

/** The messages of one rule's findings. */
export function messages(contracts: Contracts, code: string): string[] {
  const { errors, warnings } = checkRules(contracts);
  return [...errors, ...warnings].filter((finding) => finding.code === code).map(({ message }) => message);
}
