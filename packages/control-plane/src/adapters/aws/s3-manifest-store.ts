import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { ManifestStore } from '../../ports/manifest-store.js';
import { patient } from './throttling.js';

/** Manifests in a bucket, `manifests/<sha>/manifest.json`. */
export class S3ManifestStore implements ManifestStore {
  constructor(
    private readonly s3: S3Client,
    private readonly bucket: string,
  ) {}

  async put(sha: string, bytes: string): Promise<void> {
    const command = new PutObjectCommand({
      Bucket: this.bucket,
      Key: objectKey(sha),
      Body: bytes,
      ContentType: 'application/json',
    });
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
}

function objectKey(sha: string): string {
  return `manifests/${sha}/manifest.json`;
}
