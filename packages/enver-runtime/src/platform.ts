import type { EnverEntry, InputVector } from '@ondemandenv/contracts-base';
import type { ImageRegistry } from './images/deploy-images.js';

/** A name in the config store: the newest value of a path, or exactly one version of it. */
export interface ValueName {
  readonly path: string;
  readonly version?: number;
}

/** A value in the config store. `value` is canonical JSON text. */
export interface StoredValue {
  readonly path: string;
  readonly version: number;
  readonly value: string;
}

/** What a job announces. Events inform; the platform believes nothing that they say. */
export type JobEvent =
  | {
      readonly type: 'ProductsPublished';
      readonly detail: { readonly enver: string; readonly paths: readonly string[] };
    }
  | {
      readonly type: 'EnverDeployed';
      readonly detail: {
        readonly enver: string;
        readonly dispatchId: string;
        readonly vector: InputVector;
      };
    };

/**
 * The platform as one job may see it: the job's own enver, what that consumes and what it publishes.
 * Every method may be repeated. They throw `OdmdError` for what the platform refuses or cannot do.
 */
export interface EnverPlatform {
  /** The applied contract entry of the job's enver. */
  entry(): Promise<EnverEntry>;
  /** Values by name, in any number; absent ones are left out. */
  read(names: readonly ValueName[]): Promise<StoredValue[]>;
  /** Writes canonical JSON text; an unchanged value makes no version. */
  write(path: string, value: string): Promise<{ readonly version: number }>;
  /** One call for all of them. */
  announce(events: readonly JobEvent[]): Promise<void>;
  /** Keeps the bytes of the manifest that the contracts of this commit make. */
  uploadManifest(sha: string, manifest: string): Promise<void>;
  /** Keeps a file, the same one once; returns the product that says where it is. Absent where files are not kept. */
  uploadArtifact?(entry: EnverEntry, product: string, file: string): Promise<string>;
  /** Packages are published wherever they say; else only to registries on this machine. */
  readonly publishesPackages: boolean;
  /** Where the enver's images are kept. Absent where none are. */
  images?(entry: EnverEntry): ImageRegistry;
  /** Variables by which the commands of a deployment reach the enver's account; `undefined` takes one away. */
  credentials(entry: EnverEntry): Promise<Readonly<Record<string, string | undefined>>>;
}
