import { Construct } from 'constructs';
import type { Contracts } from './contracts.js';
import type { Enver } from './enver.js';
import { freeNodeId } from './node-id.js';
import { inherit, type Ownership } from './ownership.js';

export interface BuildProps extends Ownership {
  /**
   * A key of the contracts' `repos`.
   * @default the build's id
   */
  readonly repo?: string;
  /**
   * The folder of the repository that this build is made from, e.g. `services/orders`.
   * @default '.' the whole repository
   */
  readonly workDir?: string;
  /**
   * Paths outside `workDir` whose change also counts as a change of this build's source.
   * @default none
   */
  readonly extraPaths?: readonly string[];
}

/** A unit of source (repository and working directory) that is built and deployed. */
export class Build extends Construct {
  /** `[a-zA-Z0-9_-]+`, at most 64 characters, unique in the org without case and with `_` read as `-`. */
  readonly id: string;
  readonly contracts: Contracts;
  readonly repo: string;
  readonly workDir: string;
  readonly extraPaths: readonly string[];
  /** Its own, else the contracts'. */
  readonly ownership: Ownership;
  /**
   * What envers have entered of themselves.
   * @internal
   */
  readonly declared: Enver[] = [];

  constructor(contracts: Contracts, id: string, props: BuildProps = {}) {
    super(contracts, freeNodeId(contracts, id));
    this.id = id;
    this.contracts = contracts;
    this.repo = props.repo ?? id;
    this.workDir = props.workDir ?? '.';
    this.extraPaths = props.extraPaths ?? [];
    this.ownership = inherit(props, contracts.ownership);
    contracts.declared.builds.push(this);
  }

  /** In the order of declaration. */
  get envers(): readonly Enver[] {
    return this.declared;
  }
}
