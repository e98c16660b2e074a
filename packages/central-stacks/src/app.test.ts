import { type Manifest, neighboursOf } from '@ondemandenv/contracts-base';
import { enverEntry } from '@ondemandenv/contracts-base/testing';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { App } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { addPlatform, type PlatformProps } from './app.js';
import { enverTemplates } from './templates.js';

const orders = enverEntry({ kind: 'cdk', stacks: ['orders--main'] });
const contracts = enverEntry({ build: 'contracts', kind: 'contractsLib', region: 'eu-west-1' });
const images = enverEntry({
  build: 'images',
  kind: 'containerImage',
  images: [{ repository: 'images/main/server', context: '.', dockerfile: 'Dockerfile' }],
});
const runner = enverEntry({
  build: 'runner',
  account: { name: 'workspace2', id: '333333333333' },
  consumes: [
    {
      id: 'image',
      from: images.id,
      path: '/odmd-share/images/b..main/image',
      kind: 'value',
      schema: { type: 'string' },
      onChange: 'deploy',
    },
  ],
});
const manifest: Manifest = {
  schemaVersion: 1,
  org: 'coffee',
  accounts: {
    central: { id: '111111111111', central: true },
    workspace1: { id: '222222222222' },
    workspace2: { id: '333333333333' },
  },
  repos: { shop: { owner: 'coffee', name: 'shop' } },
  regions: ['us-west-1', 'eu-west-1'],
  envers: Object.fromEntries([orders, contracts, images, runner].map((entry) => [entry.id, entry])),
};
const props: PlatformProps = {
  manifest,
  contractsBuild: 'contracts',
  code: (name) => Code.fromInline(`exports.handler = async () => '${name}'`),
};

/** As the CDK CLI calls an app. */
const CLI = { 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true };
const stacksOf = (of: PlatformProps) => {
  const app = new App({ context: CLI });
  addPlatform(app, of);
  return app.synth().stacks;
};

describe('the platform of an org', () => {
  it('has one central stack, one per account, one per account and region', () => {
    const stacks = stacksOf(props).map(({ id, stackName }) => [id, stackName]);
    expect(stacks.sort()).toEqual([
      ['Account-central', 'odmd-account'],
      ['Account-workspace1', 'odmd-account'],
      ['Account-workspace2', 'odmd-account'],
      ['Central', 'odmd-central'],
      ['Region-workspace1-eu-west-1', 'odmd-region'],
      ['Region-workspace1-us-west-1', 'odmd-region'],
      ['Region-workspace2-us-west-1', 'odmd-region'],
    ]);
  });

  it.each([orders, contracts, images])(
    'shows the stacks of $id, to the byte as the platform makes them',
    (entry) => {
      const repo = { id: 7, ownerId: 1 };
      const stacks = stacksOf({ ...props, enver: { id: entry.id, repo } });
      const template = (id: string) => JSON.stringify(stacks.find((stack) => stack.id === id)?.template);
      const accountIds = Object.fromEntries(
        Object.entries(manifest.accounts).map(([name, { id }]) => [name, id]),
      );
      const central = { account: '111111111111', region: 'us-west-1' };
      const made = enverTemplates({ entry, central, repo, accountIds, ...neighboursOf(manifest, entry) });
      expect(template('Enver')).toBe(made.own.body);
      expect(template('EnverCentral')).toBe(made.central.body);
    },
  );

  it.each([
    ['ODMD853', { ...props, manifest: { ...manifest, regions: undefined } }],
    ['ODMD854', { ...props, contractsBuild: 'other' }],
    ['ODMD855', { ...props, enver: { id: 'nobody/b..main', repo: { id: 1, ownerId: 1 } } }],
    ['ODMD859', { ...props, enver: { id: orders.id, repo: { id: Number.NaN, ownerId: 1 } } }],
    ['ODMD859', { ...props, existingProviders: ['workspace9'] }],
    ['ODMD859', { ...props, contractApprovers: [{ account: 'workspace9', role: 'Admins' }] }],
    ['ODMD859', { ...props, dispatchesPerMinute: Number.NaN }],
    ['ODMD859', { ...props, contractApprovers: [{ account: 'workspace1' }] }],
  ])('%s: is refused without what it needs', (code, wrong) => {
    expect(() => stacksOf(wrong as PlatformProps)).toThrow(expect.objectContaining({ code }));
  });
});
