import { z } from 'zod';
import type { Build } from './build.js';
import { Enver, type EnverProps } from './enver.js';
import { Producer } from './producer.js';

export const npmPackageSchema = z.object({
  name: z.string().min(1),
  version: z.string().min(1),
  /** As a lock file has it, e.g. `sha512-…`. */
  integrity: z.string().regex(/^sha(256|384|512)-[A-Za-z0-9+/]+=*$/),
});
export type NpmPackage = z.infer<typeof npmPackageSchema>;

export interface NpmPackageEnverProps extends EnverProps {
  /** The package's name, e.g. `@coffee/menu`. */
  readonly packageName: string;
}

/** An enver that publishes an npm package. `Own` is as in `CdkEnver`. */
export class NpmPackageEnver<Own = unknown> extends Enver<NpmPackageEnverProps & Own> {
  readonly kind = 'npmPackage';
  readonly packageName: string;
  /** The newest version that was published. */
  readonly package: Producer<typeof npmPackageSchema>;

  constructor(build: Build, props: NpmPackageEnverProps & NoInfer<Own>) {
    super(build, props);
    this.packageName = props.packageName;
    this.package = new Producer(this, 'package', { schema: npmPackageSchema });
  }
}
