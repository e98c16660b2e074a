import { Construct } from 'constructs';
import { type EnverId, enverId } from '../naming/index.js';
import type { Build } from './build.js';
import { type CloneSettings, type ClonesOfEnver, clonesOf } from './clone-settings.js';
import type { Consumer } from './consumer.js';
import { DEFAULT_EXEC_SERVICES, type ExecProps, type IamStatementProps } from './exec.js';
import { freeNodeId } from './node-id.js';
import { inherit, type Ownership } from './ownership.js';
import type { Producer } from './producer.js';
import type { ProducerGroup } from './producer-group.js';
import type { AccountRole } from './reaction.js';
import type { Revision } from './revision.js';

/** Where an enver is deployed, and from what; envers may share one. */
export interface Place {
  readonly revision: Revision;
  /** A key of the contracts' `accounts`. */
  readonly account: string;
  /** An AWS region, e.g. `us-west-1`. */
  readonly region: string;
}

export interface EnverProps extends Place, Ownership {
  /**
   * Shell command lines that run before anything is deployed, in the build's working directory.
   * @default none
   */
  readonly test?: readonly string[];
  /**
   * How long a run may take, in minutes, before it is ended and counts as failed; at most 360.
   * @default 30
   */
  readonly timeoutMinutes?: number;
  /**
   * Settings for on-demand clones, or `'off'`.
   * @default up to 20 clones; `'off'` in an account marked as production
   */
  readonly clones?: CloneSettings | 'off';
  /**
   * What it made goes for good when the enver leaves the contracts. Clones always are.
   * @default false
   */
  readonly ephemeral?: boolean;
  /** What CloudFormation may do for the enver. */
  readonly exec?: ExecProps;
  /**
   * Roles of applications that may read the enver's products, and what it consumes, while they run. A role is named
   * without its path: one that somebody else has made and that has none, or one of the enver's own stacks. `{enver}`
   * stands for the default stack name, as in `{enver}--server`.
   * @default none
   */
  readonly runtimeGrants?: readonly AccountRole[];
}

export type EnverKind = 'cdk' | 'containerImage' | 'npmPackage' | 'script' | 'contractsLib';

interface Declared {
  readonly producers: Producer[];
  readonly consumers: Consumer[];
  readonly groups: ProducerGroup[];
}

const DEFAULT_TIMEOUT_MINUTES = 30;

/** One build at one revision, deployed to one account and region: the unit of deployment. */
export abstract class Enver<P extends EnverProps = EnverProps> extends Construct {
  abstract readonly kind: EnverKind;
  /** `<build>/<revision path>`. */
  readonly id: EnverId;
  readonly build: Build;
  /** As given. Fields of a subclass may use it, which then needs no constructor. */
  readonly props: P;
  readonly revision: Revision;
  readonly account: string;
  readonly region: string;
  readonly test: readonly string[];
  readonly timeoutMinutes: number;
  readonly clones: ClonesOfEnver;
  readonly ephemeral: boolean;
  readonly runtimeGrants: readonly AccountRole[];
  /** Its own, else its build's, else the contracts'. */
  readonly ownership: Ownership;
  /**
   * What constructs below this one have entered of themselves: an org has tens of thousands, and every rule asks.
   * @internal
   */
  readonly declared: Declared = { producers: [], consumers: [], groups: [] };

  constructor(build: Build, props: P) {
    super(build, freeNodeId(build, props.revision.path));
    this.id = enverId(build.id, props.revision.path);
    this.build = build;
    this.props = props;
    this.revision = props.revision;
    this.account = props.account;
    this.region = props.region;
    this.test = props.test ?? [];
    this.timeoutMinutes = props.timeoutMinutes ?? DEFAULT_TIMEOUT_MINUTES;
    this.clones = clonesOf(props.clones, build.contracts.accounts[props.account]?.production ?? false);
    this.ephemeral = props.ephemeral ?? false;
    this.runtimeGrants = props.runtimeGrants ?? [];
    this.ownership = inherit(props, build.ownership);
    build.declared.push(this);
    build.contracts.declared.envers.push(this);
  }

  /** Every product, nested ones included, parents before children. */
  get producers(): readonly Producer[] {
    return this.declared.producers;
  }

  get consumers(): readonly Consumer[] {
    return this.declared.consumers;
  }

  /** Every group of products, products among them, parents before children. */
  get groups(): readonly ProducerGroup[] {
    return this.declared.groups;
  }

  /** What CloudFormation may do for it, defaults included. */
  get exec(): { readonly services: readonly string[]; readonly statements: readonly IamStatementProps[] } {
    const { services, statements } = this.props.exec ?? {};
    return {
      services: services ?? (this.kind === 'cdk' ? DEFAULT_EXEC_SERVICES : []),
      statements: statements ?? [],
    };
  }
}
