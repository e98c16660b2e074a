import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CoffeeShop, MAIN, WORKSPACE } from '../testing/coffee-shop.js';
import { Build, Consumer, Contracts, ContractsLibEnver, Producer, Reaction, ScriptEnver } from './index.js';

const place = { ...WORKSPACE, revision: MAIN, deploy: ['make'] };

function manifestOf(contracts: Contracts) {
  const result = contracts.synth();
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return { ...result.manifest, warnings: result.warnings };
}

describe('two builds that consume each other', () => {
  class Web extends ScriptEnver {
    readonly url = new Producer(this, 'url', { schema: z.url() });
  }
  class Auth extends ScriptEnver<{ readonly web: Web }> {
    readonly callback = new Consumer(this, 'callback', this.props.web.url, {
      placeholder: 'http://localhost',
    });
    readonly clientId = new Producer(this, 'clientId', { schema: z.string() });
  }

  it('are wired from outside once both exist', () => {
    const shop = new CoffeeShop();
    const web = new Web(new Build(shop, 'web', { repo: 'shop' }), place);
    const auth = new Auth(new Build(shop, 'auth', { repo: 'shop' }), { ...place, web });
    new Consumer(web, 'clientId', auth.clientId, { onChange: Reaction.ignore() });
    const { envers, warnings } = manifestOf(shop);
    expect(warnings).toEqual([]);
    expect(envers['web/b..main']?.consumes).toMatchObject([{ id: 'clientId', from: 'auth/b..main' }]);
    expect(envers['auth/b..main']?.consumes).toMatchObject([{ id: 'callback', from: 'web/b..main' }]);
  });
});

describe('reactions', () => {
  it('are written with those who may approve', () => {
    const shop = new CoffeeShop();
    new Consumer(shop.orders, 'alarm', shop.bus, { onChange: Reaction.alarm() });
    const [lead, second] = ['release-lead', 'on-call'].map((role) => ({ account: 'workspace1', role }));
    if (!lead || !second) throw new Error('unreachable');
    new Consumer(shop.orders, 'approve', shop.bus, { onChange: Reaction.approve(lead, second, lead) });
    const [alarm, approve] = manifestOf(shop).envers['orders/b..main']?.consumes ?? [];
    expect(alarm).toMatchObject({ id: 'alarm', onChange: 'alarm' });
    expect(alarm).not.toHaveProperty('approvers');
    expect(approve).toMatchObject({ onChange: 'approve', approvers: [second, lead] });
  });
});

describe('owner, cost centre and tags', () => {
  it('come from the build and the contracts where an enver has none of its own', () => {
    const contracts = new Contracts('org', {
      accounts: { workspace1: { id: '222222222222' } },
      repos: {
        contracts: { owner: 'o', name: 'contracts', installationId: 7 },
        web: { owner: 'o', name: 'w' },
      },
      owner: 'platform',
      costCentre: '100',
      tags: { org: 'coffee', tier: 'low' },
    });
    new ContractsLibEnver(new Build(contracts, 'contracts'), { ...WORKSPACE, revision: MAIN });
    const build = new Build(contracts, 'web', { owner: 'team-web', tags: { tier: 'high', app: 'web' } });
    new ScriptEnver(build, { ...place, costCentre: '200', tags: { app: 'web-main' } });
    const { envers, repos } = manifestOf(contracts);
    expect(repos.contracts).toEqual({ owner: 'o', name: 'contracts', installationId: 7 });
    expect(envers['contracts/b..main']).toMatchObject({
      owner: 'platform',
      costCentre: '100',
      tags: { org: 'coffee', tier: 'low' },
    });
    expect(envers['web/b..main']).toMatchObject({
      repo: { owner: 'o', name: 'w' },
      owner: 'team-web',
      costCentre: '200',
      tags: { org: 'coffee', tier: 'high', app: 'web-main' },
    });
  });
});

describe('clones', () => {
  it('are off in a production account unless the enver allows them', () => {
    const contracts = new Contracts('org', {
      accounts: {
        workspace1: { id: '222222222222' },
        prod: { id: '333333333333', production: true },
      },
      repos: { r: { owner: 'o', name: 'r' } },
    });
    new ContractsLibEnver(new Build(contracts, 'contracts', { repo: 'r' }), { ...WORKSPACE, revision: MAIN });
    const enver = (id: string, props: object) =>
      new ScriptEnver(new Build(contracts, id, { repo: 'r' }), { ...place, ...props });
    enver('static', { account: 'prod' });
    enver('hotfixed', { account: 'prod', clones: { auto: ['hotfix/*'], expires: '7d' } });
    enver('other', { ephemeral: true });
    const { envers, accounts } = manifestOf(contracts);
    expect(accounts.prod).toEqual({ id: '333333333333', production: true });
    expect(envers['static/b..main']?.clones).toBe('off');
    expect(envers['hotfixed/b..main']?.clones).toEqual({ max: 20, auto: ['hotfix/*'], expires: '7d' });
    expect(envers['other/b..main']).toMatchObject({ clones: { max: 20, auto: [] }, ephemeral: true });
  });
});
