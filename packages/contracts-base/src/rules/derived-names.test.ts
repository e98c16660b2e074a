import { describe, expect, it } from 'vitest';
import { Build, Contracts, ContractsLibEnver, type RepoProps, Revision } from '../constructs/index.js';
import { CoffeeShop, findings, MAIN, messages, WORKSPACE } from '../testing/coffee-shop.js';

function contractsOf(account: string, repo: RepoProps, key = 'contracts'): Contracts {
  const contracts = new Contracts('org', {
    accounts: { [account]: { id: '222222222222' } },
    repos: { [key]: repo },
  });
  const lib = new Build(contracts, 'contracts', { repo: key });
  new ContractsLibEnver(lib, { ...WORKSPACE, account, revision: MAIN });
  return contracts;
}

const REPO = { owner: 'coffee', name: 'contracts' };

describe('ODMD125 names of accounts and repositories', () => {
  it.each(['', 'a/b', 'a b', '_a', '-a', '__proto__', '../x'])('refuses the account %j', (account) => {
    expect(findings(contractsOf(account, REPO))).toEqual([`ODMD125 account ${JSON.stringify(account)}`]);
  });

  it.each(['', 'a/b', '__proto__'])('refuses the repository %j', (key) => {
    expect(findings(contractsOf('w', REPO, key))).toEqual([`ODMD125 repository ${JSON.stringify(key)}`]);
  });
});

describe('ODMD126 repositories', () => {
  it.each(['', '..', 'a/b', 'a.b', '-a'])('refuses the owner %j', (owner) => {
    expect(findings(contractsOf('w', { ...REPO, owner }))).toEqual(['ODMD126 repository contracts']);
  });

  it.each(['', '.', '..', 'a/b', 'a.git', 'a.GIT', 'a b', '功'])('refuses the name %j', (name) => {
    expect(findings(contractsOf('w', { ...REPO, name }))).toEqual(['ODMD126 repository contracts']);
  });

  it.each(['.github', 'a.b_c-D', 'git', 'x.gitty'])('takes the name %j', (name) => {
    expect(findings(contractsOf('w', { owner: 'Coffee-Shop_emu', name }))).toEqual([]);
  });
});

describe('ODMD127 derived names', () => {
  it('of workflow files may not meet', () => {
    const contracts = new Contracts('org', {
      accounts: { c: { id: '222222222222' }, 'b-contractsLib-eu-west-1-c': { id: '333333333333' } },
      repos: { contracts: REPO },
    });
    const envers = [
      ['a', 'b-contractsLib-eu-west-1-c', 'us-west-1'],
      ['a-contractsLib-us-west-1-b', 'c', 'eu-west-1'],
    ] as const;
    for (const [id, account, region] of envers)
      new ContractsLibEnver(new Build(contracts, id, { repo: 'contracts' }), {
        account,
        region,
        revision: MAIN,
      });
    expect(findings(contracts)).toEqual([
      'ODMD109 contracts',
      'ODMD127 build a in b-contractsLib-eu-west-1-c, us-west-1, build a-contractsLib-us-west-1-b in c, eu-west-1',
    ]);
    expect(messages(contracts, 'ODMD127')).toEqual([
      'they share the workflow file .github/workflows/ODMD_a-contractsLib-us-west-1-b-contractsLib-eu-west-1-c.yaml',
    ]);
  });

  it('are shared by the envers of one build in one account and region', () => {
    const shop = new CoffeeShop();
    shop.enver('orders', { revision: Revision.branch('dev') });
    expect(findings(shop)).toEqual([]);
  });

  it('are not reported once more for what another rule has refused', () => {
    const shop = new CoffeeShop();
    shop.enver('orders', { revision: Revision.branch('Main') });
    new ContractsLibEnver(new Build(shop, 'Contracts', { repo: 'shop' }), { ...WORKSPACE, revision: MAIN });
    expect(findings(shop)).toEqual(['ODMD105 build contracts', 'ODMD106 build orders', 'ODMD109 contracts']);
  });
});
