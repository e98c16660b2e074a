import { RootConstruct } from 'constructs';
import { type SynthResult, synthesize } from '../manifest/synthesize.js';
import type { Build } from './build.js';
import type { Consumer } from './consumer.js';
import type { Enver } from './enver.js';
import { inherit, type Ownership } from './ownership.js';

/** An AWS account of the org. */
export interface AccountProps {
  /** Twelve digits. */
  readonly id: string;
  /**
   * The account that runs the platform; nothing else deploys there.
   * @default false
   */
  readonly central?: boolean;
  /**
   * It serves the org's users: envers in it have no clones unless they say so.
   * @default false
   */
  readonly production?: boolean;
}

/** A source repository of the org. */
export interface RepoProps {
  readonly owner: string;
  readonly name: string;
  /**
   * Id of the GitHub App's installation that serves it.
   * @default the installation that the platform finds
   */
  readonly installationId?: number;
}

export interface ContractsProps extends Ownership {
  /** Accounts by the name that envers use. */
  readonly accounts: Readonly<Record<string, AccountProps>>;
  /** Repositories by the name that builds use. */
  readonly repos: Readonly<Record<string, RepoProps>>;
  /**
   * The regions where envers may live. The first is the home of the platform: its stack in the central account, and
   * the config store.
   * @default any region; whoever installs the platform chooses its home
   * @example ['us-west-1', 'eu-central-1']
   */
  readonly regions?: readonly string[];
}

/** Each in the order of declaration. */
interface Declared {
  readonly builds: Build[];
  readonly envers: Enver[];
  readonly consumers: Consumer[];
}

/** Lets `odmd` recognise contracts made by another copy of this library. */
const BRAND = Symbol.for('@ondemandenv/contracts-base.Contracts');

/**
 * The root of an org's contracts: every account, repository, build, enver, product and consumption.
 * What is not in it is not deployed.
 *
 * @example
 * export const contracts = new Contracts('coffee-shop', {
 *   accounts: { central: { id: '111111111111', central: true }, workspace1: { id: '222222222222' } },
 *   repos: { foundation: { owner: 'coffee', name: 'foundation' } },
 * });
 */
export class Contracts extends RootConstruct {
  static isContracts(value: unknown): value is Contracts {
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  readonly org: string;
  readonly accounts: Readonly<Record<string, AccountProps>>;
  readonly repos: Readonly<Record<string, RepoProps>>;
  /** Where envers may live, the platform's home first; `undefined` for anywhere. */
  readonly regions: readonly string[] | undefined;
  /** What builds and envers have that do not say it themselves. */
  readonly ownership: Ownership;

  /**
   * What the constructs below have entered of themselves: every rule asks for all of them.
   * @internal
   */
  readonly declared: Declared = { builds: [], envers: [], consumers: [] };

  constructor(org: string, props: ContractsProps) {
    super();
    Object.defineProperty(this, BRAND, { value: true });
    this.org = org;
    this.accounts = props.accounts;
    this.repos = props.repos;
    this.regions = props.regions;
    this.ownership = inherit(props);
  }

  /** Every build, in the order of declaration. */
  get builds(): readonly Build[] {
    return this.declared.builds;
  }

  /** Checks every rule and, when none is broken, gives the manifest. */
  synth(): SynthResult {
    return synthesize(this);
  }
}
