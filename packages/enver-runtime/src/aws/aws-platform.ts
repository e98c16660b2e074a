import {
  type EnverEntry,
  entryObject,
  enverEntrySchema,
  manifestBucket,
  OdmdError,
} from '@ondemandenv/contracts-base';
import { z } from 'zod';
import type { AwsPlace } from '../environment.js';
import { parseJson } from '../parse-json.js';
import type { EnverPlatform, JobEvent, StoredValue, ValueName } from '../platform.js';
import { uploadArtifact } from './artifacts.js';
import { address, Buckets } from './buckets.js';
import { Events } from './events.js';
import { Images } from './images.js';
import { uploadManifest } from './manifests.js';
import { Parameters } from './parameters.js';
import { Sessions } from './sessions.js';

/**
 * The platform on AWS, as the roles of one enver. A command costs one call for the entry (S3), one for each ten names
 * (Parameter Store), one for each value written and one for all events; roles are assumed once in each command.
 *
 * Errors: ODMD550 no role · ODMD551 expired · ODMD552 refused · ODMD553 no answer · ODMD554 anything else.
 */
export class AwsPlatform implements EnverPlatform {
  readonly publishesPackages = true;
  private readonly place: AwsPlace;
  private readonly enver: string;
  private readonly sessions: Sessions;
  private readonly parameters: Parameters;
  private readonly manifests: { readonly bucket: string; readonly buckets: Buckets };
  private known: Promise<EnverEntry> | undefined;

  constructor(place: AwsPlace, enver: string) {
    this.place = place;
    this.enver = enver;
    const { centralAccount, centralRegion } = place;
    this.sessions = new Sessions(place, enver, centralRegion);
    this.parameters = new Parameters(this.sessions, centralRegion);
    this.manifests = {
      bucket: manifestBucket(centralAccount, centralRegion),
      buckets: new Buckets(centralRegion, this.sessions.central),
    };
  }

  /** Read once. */
  entry(): Promise<EnverEntry> {
    this.known ??= this.readEntry();
    return this.known;
  }

  private async readEntry(): Promise<EnverEntry> {
    const object = { bucket: this.manifests.bucket, key: entryObject(this.enver) };
    const text = await this.manifests.buckets.readText(object, {
      code: 'ODMD552',
      fix: 'the contracts that are applied may not have this enver: publish them, and let the platform apply them',
    });
    const result = enverEntrySchema.safeParse(parseJson(text));
    if (!result.success)
      throw new OdmdError(
        'ODMD504',
        `the contract of the enver was not understood:\n${z.prettifyError(result.error)}`,
        {
          where: address(object),
          fix: 'use releases of the platform and of odmd-enver that belong together',
        },
      );
    return this.checked(result.data);
  }

  read(names: readonly ValueName[]): Promise<StoredValue[]> {
    return this.parameters.read(names);
  }

  write(path: string, value: string): Promise<{ version: number }> {
    return this.parameters.write(path, value);
  }

  announce(events: readonly JobEvent[]): Promise<void> {
    return new Events(this.sessions.central, this.place.centralRegion).send(this.enver, events);
  }

  uploadManifest(sha: string, manifest: string): Promise<void> {
    return uploadManifest(this.manifests, sha, manifest);
  }

  uploadArtifact(entry: EnverEntry, product: string, file: string): Promise<string> {
    return uploadArtifact(new Buckets(entry.region, this.sessions.build), entry, product, file);
  }

  images(entry: EnverEntry): Images {
    return new Images(entry, this.sessions.build);
  }

  async credentials({ region, timeoutMinutes }: EnverEntry): Promise<Record<string, string | undefined>> {
    const where = { AWS_REGION: region, AWS_DEFAULT_REGION: region };
    // On a laptop the commands find the same credentials as this process.
    const session = await this.sessions.buildFor(timeoutMinutes)?.();
    if (session === undefined) return where;
    return {
      ...where,
      AWS_ACCESS_KEY_ID: session.accessKeyId,
      AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
      AWS_SESSION_TOKEN: session.sessionToken,
      // Nothing else may win over them.
      AWS_PROFILE: undefined,
    };
  }

  private checked(entry: EnverEntry): EnverEntry {
    const { job } = this.place;
    if (job === undefined || job.account === entry.account.id) return entry;
    throw new OdmdError(
      'ODMD507',
      `the job is for the account ${job.account}, the enver for ${entry.account.id}`,
      {
        where: entry.id,
        fix: 'use the workflow that the platform generated for this enver',
      },
    );
  }
}
