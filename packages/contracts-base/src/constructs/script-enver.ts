import type { Build } from './build.js';
import { Enver, type EnverProps } from './enver.js';

export interface ScriptEnverProps extends EnverProps {
  /** Shell command lines that deploy, at least one, run one after the other in the build's working directory. */
  readonly deploy: readonly string[];
  /**
   * Shell command lines that remove what `deploy` made.
   * @default none: nothing outside the platform is left by a deployment
   */
  readonly destroy?: readonly string[];
}

/** An enver deployed by any tool: commands in, products out. `Own` is as in `CdkEnver`. */
export class ScriptEnver<Own = unknown> extends Enver<ScriptEnverProps & Own> {
  readonly kind = 'script';
  readonly deploy: readonly string[];
  readonly destroy: readonly string[];

  constructor(build: Build, props: ScriptEnverProps & NoInfer<Own>) {
    super(build, props);
    this.deploy = props.deploy;
    this.destroy = props.destroy ?? [];
  }
}
