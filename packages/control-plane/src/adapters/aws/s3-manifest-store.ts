import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { canonicalJson, type EnverEntry, entryObject } from '@ondemandenv/contracts-base';
import type { ManifestStore } from '../../ports/manifest-store.js';
import { patient } from './throttling.js';

/** In a bucket: `manifests/<sha>/manifest.json` and `entries/<enver>.json`. */
export class S3ManifestStore implements ManifestStore {
  constructor(
    private readonly s3: S3Client,
    private readonly bucket: string,
  ) {}

  async put(sha: string, bytes: string): Promise<void> {
    await this.write(objectKey(sha), bytes);
  }

  async publishEntry(entry: EnverEntry): Promise<void> {
    await this.write(entryObject(entry.id), canonicalJson(entry));
  }

  async withdrawEntry(enverId: string): Promise<void> {
    const command = new DeleteObjectCommand({ Bucket: this.bucket, Key: entryObject(enverId) });
    await patient(() => this.s3.send(command));
  }

  async get(sha: string): Promise<string | undefined> {
    const command = new GetObjectCommand({ Bucket: this.bucket, Key: objectKey(sha) });
    try {
      const { Body } = await patient(() => this.s3.send(command));
      return await Body?.transformToString('utf-8');
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  private async write(Key: string, Body: string): Promise<void> {
    const ContentType = 'application/json';
    const command = new PutObjectCommand({ Bucket: this.bucket, Key, Body, ContentType });
    await patient(() => this.s3.send(command));
  }
}

/** Where the manifest of a commit lies. */
function objectKey(sha: string): string {
  return `manifests/${sha}/manifest.json`;
}
