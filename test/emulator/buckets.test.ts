import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Emulator } from './emulator.js';
import { allow, assume, document, makeRole, root, trustAccount } from './identities.js';

const OWNER = '111111111111';
const GUEST = '222222222222';
const Bucket = 'published';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await Emulator.start();
  const owner = new S3Client({ ...emulator.clientFor(OWNER), forcePathStyle: true });
  await owner.send(new CreateBucketCommand({ Bucket }));
  for (const Key of ['open/a', 'closed/a'])
    await owner.send(new PutObjectCommand({ Bucket, Key, Body: 'text' }));
  const like = { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/jobs/*-build' } };
  const readers = allow('s3:GetObject', `arn:aws:s3:::${Bucket}/open/*`, like);
  const Policy = document({ ...readers, Principal: { AWS: `arn:aws:iam::${GUEST}:root` } });
  await owner.send(new PutBucketPolicyCommand({ Bucket, Policy }));
});
afterAll(() => emulator?.stop());

/** Reads as a role of the other account. */
async function read(name: string, path: string, Key: string, Resource = '*'): Promise<string | undefined> {
  const may = [allow('s3:GetObject', Resource)];
  const role = await makeRole(emulator, GUEST, { name, path, trust: trustAccount(GUEST), may });
  const credentials = await assume(emulator, role, root(GUEST));
  const s3 = new S3Client({ ...emulator.clientWith(credentials), forcePathStyle: true });
  return (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
}

const denied = { name: 'AccessDenied' };

describe('a bucket of another account', () => {
  it('is read by the roles of which its policy speaks', async () => {
    expect(await read('a-build', '/jobs/', 'open/a')).toBe('text');
  });

  it.each([
    ['another role', 'a-exec', '/jobs/', 'open/a', '*'],
    ['a role of that name on another path', 'b-build', '/', 'open/a', '*'],
    ['them where its policy says nothing', 'c-build', '/jobs/', 'closed/a', '*'],
    ['them when their own policies say nothing', 'd-build', '/jobs/', 'open/a', 'arn:aws:s3:::other/*'],
  ])('is not read by %s', async (_, name, path, key, resource) => {
    await expect(read(name, path, key, resource)).rejects.toMatchObject(denied);
  });
});
