import { Construct } from 'constructs';
import { type EnverId, enverId } from '../naming/index.js';
import type { Build } from './build.js';
import { Consumer } from './consumer.js';
import { freeNodeId } from './node-id.js';
import { Producer } from './producer.js';
import type { Revision } from './revision.js';

/** On-demand copies of an enver. */
export interface CloneSettings {
  /**
   * How many clones of this enver may live at once; 0 for none.
   * @default 20
   */
  readonly max?: number;
}

export interface EnverProps {
  readonly revision: Revision;
  /** A key of the contracts' `accounts`. */
  readonly account: string;
  /** An AWS region, e.g. `us-west-1`. */
  readonly region: string;
  /**
   * How long a run may take, in minutes, before it is ended and counts as failed; at most 360.
   * @default 30
   */
  readonly timeoutMinutes?: number;
  /**
   * Settings for on-demand clones, or `'off'`.
   * @default up to 20 clones
   */
  readonly clones?: CloneSettings | 'off';
}

export type EnverKind = 'script' | 'contractsLib';

export const DEFAULT_TIMEOUT_MINUTES = 30;
export const DEFAULT_MAX_CLONES = 20;

/** One build at one revision, deployed to one account and region: the unit of deployment. */
export abstract class Enver extends Construct {
  abstract readonly kind: EnverKind;
  readonly build: Build;
  readonly revision: Revision;
  readonly account: string;
  readonly region: string;
  readonly timeoutMinutes: number;
  readonly clones: Required<CloneSettings> | 'off';

  constructor(build: Build, props: EnverProps) {
    super(build, freeNodeId(build, props.revision.path));
    this.build = build;
    this.revision = props.revision;
    this.account = props.account;
    this.region = props.region;
    this.timeoutMinutes = props.timeoutMinutes ?? DEFAULT_TIMEOUT_MINUTES;
    this.clones = props.clones === 'off' ? 'off' : { max: props.clones?.max ?? DEFAULT_MAX_CLONES };
  }

  /** `<build>/<revision path>`. */
  get id(): EnverId {
    return enverId(this.build.id, this.revision.path);
  }

  /** Every product, nested ones included, parents before children. */
  get producers(): Producer[] {
    return this.node.findAll().filter((node): node is Producer => node instanceof Producer);
  }

  get consumers(): Consumer[] {
    return this.node.findAll().filter((node): node is Consumer => node instanceof Consumer);
  }
}
