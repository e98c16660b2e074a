import type { EnverEntry, Manifest } from '@ondemandenv/contracts-base';
import { enverEntry } from '@ondemandenv/contracts-base/testing';
import { expect, it } from 'vitest';
import { provisionFacts } from './provision-facts.js';

const images = [{ repository: 'api/main/server', context: '.', dockerfile: 'Dockerfile' }];
const api = enverEntry({ build: 'api', kind: 'containerImage', images });
const clone = enverEntry({
  ...api,
  id: 'api/b..main-_b..login',
  cloneOf: api.id,
  revision: { kind: 'branch', ref: 'login' },
});
const consumes = [
  {
    id: 'image',
    from: api.id,
    path: '/odmd-share/api/b..main/image',
    kind: 'value',
    schema: { type: 'string' },
    onChange: 'deploy',
  },
] as const;
const run = (build: string, name: string, id: string) =>
  enverEntry({ build, account: { name, id }, consumes: [...consumes] });

const facts = provisionFacts({
  repoOf: async () => ({ id: 7, ownerId: 3, defaultBranch: 'trunk' }),
  home: { centralAccount: '111111111111', homeRegion: 'us-west-1' },
  manifest: async () => ({
    envers: envers([api, run('b', 'two', '555555555555'), run('a', 'one', '444444444444')]),
  }),
});

function envers(entries: EnverEntry[]): Manifest['envers'] {
  return Object.fromEntries(entries.map((entry) => [entry.id, entry]));
}

it('lets the job of the enver’s own ref in to deploy, and that of the default branch to tear down', async () => {
  const workflow = '.github/workflows/ODMD_api-containerImage-us-west-1-workspace1';
  expect(await facts(clone, 'deploy')).toMatchObject({
    repo: { id: 7, ownerId: 3 },
    job: { ref: 'refs/heads/login', workflow: `${workflow}.yaml` },
  });
  expect((await facts(clone, 'destroy')).job).toEqual({
    ref: 'refs/heads/trunk',
    workflow: `${workflow}.teardown.yaml`,
  });
});

it('knows where the artifacts are that an enver consumes, those of clones where their bases are', async () => {
  const artifact = (from: string) => ({
    ...consumes[0],
    from,
    path: `/odmd-share/${from}/schemas/orders`,
    kind: 'artifact' as const,
  });
  const reader = (from: string) => enverEntry({ build: 'reader', consumes: [artifact(from)] });
  const bucket = 'arn:aws:s3:::odmd-artifacts-222222222222-us-west-1';
  for (const from of [api.id, clone.id])
    expect((await facts(reader(from), 'deploy')).artifacts).toEqual([
      `${bucket}/assets/${from}/products/schemas/orders/*`,
    ]);
  expect((await facts(reader('nobody/b..main'), 'deploy')).artifacts).toEqual([]);
  expect((await facts(run('a', 'one', '444444444444'), 'deploy')).artifacts).toEqual([]);
});

it('lets other accounts pull images whose envers consume them; a clone’s as its base’s', async () => {
  for (const entry of [api, clone])
    expect((await facts(entry, 'deploy')).pulledBy).toEqual(['444444444444', '555555555555']);
  expect((await facts({ ...api, images: [] }, 'deploy')).pulledBy).toEqual([]);
  expect((await facts(run('a', 'one', '444444444444'), 'deploy')).pulledBy).toEqual([]);
});
