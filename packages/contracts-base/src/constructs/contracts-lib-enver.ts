import { z } from 'zod';
import type { Build } from './build.js';
import { Enver, type EnverProps } from './enver.js';
import { Producer } from './producer.js';

/** What publishing a contractsLib produces, and what the central sync obeys. */
export const contractsLibLatestSchema = z.object({
  /** The commit that was published. */
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  /** sha256 of the manifest's bytes, lower-case hex. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  /** The package's version. */
  version: z.string().min(1),
  /** First-parent commit count of the contracts branch: a later publication has a higher one. */
  serial: z.int().min(1),
});
export type ContractsLibLatest = z.infer<typeof contractsLibLatestSchema>;

/** The name of that product. */
export const CONTRACTS_LIB_LATEST = 'contractsLibLatest';

export type ContractsLibEnverProps = Omit<EnverProps, 'clones' | 'test' | 'exec'>;

/**
 * The org's contracts package itself: a singleton, never cloned, consumes nothing. Its job runs the package's own
 * `build` and `test` scripts and publishes the manifest.
 */
export class ContractsLibEnver extends Enver {
  readonly kind = 'contractsLib';
  readonly latest: Producer<typeof contractsLibLatestSchema>;

  constructor(build: Build, props: ContractsLibEnverProps) {
    super(build, { ...props, clones: 'off' });
    this.latest = new Producer(this, CONTRACTS_LIB_LATEST, { schema: contractsLibLatestSchema });
  }
}
