import type { S3Client } from '@aws-sdk/client-s3';
import { codedError } from './errors.js';
import type { Session } from './sessions.js';
import { CLIENT } from './settings.js';

/** A place in S3. */
export interface S3Object {
  readonly bucket: string;
  readonly key: string;
}

/** S3 in one region, as one role. */
export class Buckets {
  private readonly region: string;
  private readonly credentials: (() => Promise<Session>) | undefined;
  private made: Promise<S3Client> | undefined;

  /** @param credentials without them, those that the SDK finds */
  constructor(region: string, credentials: (() => Promise<Session>) | undefined) {
    this.region = region;
    this.credentials = credentials;
  }

  async readText(object: S3Object, denied: { code: string; fix: string }): Promise<string> {
    const { GetObjectCommand } = await import('@aws-sdk/client-s3');
    const s3 = await this.client();
    const command = new GetObjectCommand({ Bucket: object.bucket, Key: object.key });
    try {
      const { Body } = await s3.send(command);
      return (await Body?.transformToString('utf-8')) ?? '';
    } catch (error) {
      // Who may not list a bucket is told "access denied" of an object that is not there.
      const missing = error instanceof Error && error.name === 'NoSuchKey';
      const shown = missing
        ? Object.assign(new Error('there is no such object'), { name: 'AccessDenied' })
        : error;
      throw codedError(shown, { what: 'read the object', where: address(object), denied });
    }
  }

  async writeText(object: S3Object, text: string): Promise<void> {
    const { PutObjectCommand } = await import('@aws-sdk/client-s3');
    const s3 = await this.client();
    const place = { Bucket: object.bucket, Key: object.key };
    const command = new PutObjectCommand({ ...place, Body: text, ContentType: 'application/json' });
    await s3.send(command).catch((error: unknown) => {
      throw codedError(error, { what: 'write the object', where: address(object) });
    });
  }

  /** Writes an object unless it is there; returns the version that then is. */
  async keep(object: S3Object, content: Uint8Array): Promise<string | undefined> {
    const { HeadObjectCommand, PutObjectCommand } = await import('@aws-sdk/client-s3');
    const s3 = await this.client();
    const place = { Bucket: object.bucket, Key: object.key };
    try {
      return (await s3.send(new PutObjectCommand({ ...place, Body: content, IfNoneMatch: '*' }))).VersionId;
    } catch (error) {
      const there = error instanceof Error && error.name === 'PreconditionFailed';
      if (!there) throw codedError(error, { what: 'upload the object', where: address(object) });
    }
    const found = await s3.send(new HeadObjectCommand(place)).catch((error: unknown) => {
      throw codedError(error, { what: 'look at the object', where: address(object) });
    });
    return found.VersionId;
  }

  private client(): Promise<S3Client> {
    const { credentials } = this;
    this.made ??= import('@aws-sdk/client-s3').then(
      ({ S3Client }) => new S3Client({ ...CLIENT, region: this.region, ...(credentials && { credentials }) }),
    );
    return this.made;
  }
}

export function address({ bucket, key }: S3Object): string {
  return `s3://${bucket}/${key}`;
}
