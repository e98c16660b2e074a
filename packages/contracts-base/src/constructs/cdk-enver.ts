import { stackName } from '../naming/index.js';
import type { Build } from './build.js';
import { Enver, type EnverProps } from './enver.js';

export interface CdkEnverProps extends EnverProps {
  /**
   * The enver's stacks in the order of deployment, by the suffix of their names; `''` is the one of the default name.
   * @default [''] one stack
   */
  readonly stacks?: readonly string[];
}

/**
 * An enver deployed by the AWS CDK, as one or several CloudFormation stacks.
 *
 * `Own` is what the org's subclass wants besides; its fields find it in `props`.
 *
 * @example
 * class Orders extends CdkEnver<{ foundation: Foundation }> {
 *   readonly bus = new Consumer(this, 'bus', this.props.foundation.bus);
 *   readonly api = new Producer(this, 'api', { schema: z.url() });
 *   override get stacks() {
 *     return ['data', 'api'];
 *   }
 * }
 */
export class CdkEnver<Own = unknown> extends Enver<CdkEnverProps & Own> {
  readonly kind = 'cdk';

  // `NoInfer` keeps the compiler's eye on misspelt properties.
  constructor(build: Build, props: CdkEnverProps & NoInfer<Own>) {
    super(build, props);
  }

  /** Suffixes of the stacks' names, in the order of deployment; a subclass may override it. */
  get stacks(): readonly string[] {
    return this.props.stacks ?? [''];
  }

  /** Names of the stacks, in the order of deployment. */
  get stackNames(): string[] {
    return this.stacks.map((suffix) => stackName(this.id, suffix));
  }
}
