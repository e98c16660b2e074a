import { describe, expect, it } from 'vitest';
import {
  Build,
  Consumer,
  Contracts,
  ContractsLibEnver,
  type ContractsProps,
  Reaction,
  ScriptEnver,
} from '../constructs/index.js';
import { CoffeeShop, findings, MAIN, messages, WORKSPACE } from '../testing/coffee-shop.js';

/** The least that contracts need, with some of it exchanged. */
function contractsWith(props: Partial<ContractsProps>): Contracts {
  const contracts = new Contracts('org', {
    accounts: { workspace1: { id: '222222222222' } },
    repos: { contracts: { owner: 'coffee', name: 'contracts' } },
    ...props,
  });
  const lib = new Build(contracts, 'contracts', { repo: 'contracts' });
  new ContractsLibEnver(lib, { ...WORKSPACE, revision: MAIN });
  return contracts;
}

describe('ODMD101 accounts', () => {
  it.each(['nowhere', '', 'constructor', '__proto__'])('refuses an enver in %j', (account) => {
    const shop = new CoffeeShop();
    shop.enver('web', { account });
    expect(findings(shop)).toEqual(['ODMD101 enver web/b..main']);
    expect(messages(shop, 'ODMD101')).toEqual([`the account ${JSON.stringify(account)} is not declared`]);
  });
});

describe('ODMD102 repositories', () => {
  it.each(['nowhere', 'toString'])('refuses a build of %j', (repo) => {
    const shop = new CoffeeShop();
    shop.enver('web');
    const build = new Build(shop, 'elsewhere', { repo });
    new ContractsLibEnver(build, { ...WORKSPACE, revision: MAIN });
    expect(findings(shop)).toEqual(['ODMD102 build elsewhere', 'ODMD109 contracts']);
  });
});

describe('ODMD103 the central account', () => {
  it('takes no enver', () => {
    const shop = new CoffeeShop();
    shop.enver('web', { account: 'central' });
    expect(findings(shop)).toEqual(['ODMD103 enver web/b..main']);
  });
});

describe('ODMD118 account ids', () => {
  it.each(['', '12345678901', '1234567890123', '12345678901x', ' 123456789012'])('refuses %j', (id) => {
    expect(findings(contractsWith({ accounts: { workspace1: { id } } }))).toEqual([
      'ODMD118 account workspace1',
    ]);
  });
});

describe('ODMD119 paths of a build', () => {
  it.each(['', '/a', '../a', 'a/../b', 'a\\b', './a', 'a/', 'a//b', 'a/.', ':(top)a', 'a\nb'])(
    'refuses %j',
    (path) => {
      const shop = new CoffeeShop();
      new ContractsLibEnver(new Build(shop, 'a', { repo: 'shop', workDir: path }), {
        ...WORKSPACE,
        revision: MAIN,
      });
      expect(findings(shop)).toContain('ODMD119 build a');
      const other = new CoffeeShop();
      new Build(other, 'b', { repo: 'shop', extraPaths: ['lib', path] });
      expect(findings(other)).toEqual(['ODMD119 build b', 'ODMD191 build b']);
    },
  );

  it.each(['.', 'a', 'services/orders', '.github/x', '..a/b..', '功能', 'a b'])('takes %j', (path) => {
    const shop = new CoffeeShop();
    new Build(shop, 'b', { repo: 'shop', workDir: path, extraPaths: [path] });
    expect(findings(shop)).toEqual(['ODMD191 build b']);
  });
});

describe('ODMD120 regions', () => {
  it.each(['', 'us-west', 'US-WEST-1', 'us-west-1a', 'us_west_1', 'us-west-1\n'])('refuses %j', (region) => {
    const shop = new CoffeeShop();
    shop.enver('web', { region });
    expect(findings(shop)).toEqual(['ODMD120 enver web/b..main']);
  });

  it.each(['us-west-1', 'ap-southeast-7', 'us-gov-east-1', 'us-isob-east-1', 'eusc-de-east-1'])(
    'takes %j',
    (region) => {
      const shop = new CoffeeShop();
      shop.enver('web', { region });
      expect(findings(shop)).toEqual([]);
    },
  );
});

describe('ODMD128 roles', () => {
  const role = (account: string, name = 'lead') => ({ account, role: name });

  it.each([role('nowhere'), role('__proto__'), role('workspace1', 'a/b'), role('workspace1', '')])(
    'refuse %j as approver and as reader',
    (given) => {
      const shop = new CoffeeShop();
      new Consumer(shop.orders, 'approved', shop.bus, { onChange: Reaction.approve(given) });
      shop.enver('web', { runtimeGrants: [given] });
      expect(findings(shop)).toEqual([
        'ODMD128 consumer approved of orders/b..main',
        'ODMD128 runtimeGrants of web/b..main',
      ]);
    },
  );

  it('are there when a change is to be approved', () => {
    const shop = new CoffeeShop();
    const nobody = [] as unknown as [ReturnType<typeof role>];
    new Consumer(shop.orders, 'approved', shop.bus, { onChange: Reaction.approve(...nobody) });
    expect(messages(shop, 'ODMD128')).toEqual(['nobody may approve']);
  });

  it('take those of declared accounts', () => {
    const shop = new CoffeeShop();
    const onChange = Reaction.approve(role('workspace1'), role('central', 'a+b=c,d.e@f-g_h'));
    new Consumer(shop.orders, 'approved', shop.bus, { onChange });
    shop.enver('web', { runtimeGrants: [role('workspace2', 'app'), role('workspace2', '{enver}--app')] });
    expect(findings(shop)).toEqual([]);
  });
});

describe('ODMD139 installations', () => {
  it.each([0, -1, 1.5, Number.NaN])('refuse the id %d', (installationId) => {
    const repos = { contracts: { owner: 'coffee', name: 'contracts', installationId } };
    expect(findings(contractsWith({ repos }))).toEqual(['ODMD139 repository contracts']);
  });

  it('take another', () => {
    const repos = { contracts: { owner: 'coffee', name: 'contracts', installationId: 51234567 } };
    expect(findings(contractsWith({ repos }))).toEqual([]);
  });
});

describe('ODMD140 the regions of the contracts', () => {
  it.each<[string, string[], string[]]>([
    ['none', [], ['ODMD140 regions of the contracts']],
    ['one that is none', ['us-west-1', 'mars'], ['ODMD140 regions of the contracts']],
    ['one twice', ['us-west-1', 'us-west-1'], ['ODMD140 regions of the contracts']],
    ['all but the one of an enver', ['eu-west-1'], ['ODMD140 enver contracts/b..main']],
  ])('refuse %s', (_, regions, expected) => {
    expect(findings(contractsWith({ regions }))).toEqual(expected);
  });

  it('may be left out, and say a wrong region of an enver once', () => {
    expect(findings(contractsWith({}))).toEqual([]);
    const contracts = contractsWith({ regions: ['us-west-1'] });
    const web = new Build(contracts, 'web', { repo: 'contracts' });
    new ScriptEnver(web, { ...WORKSPACE, region: 'mars', revision: MAIN, deploy: ['true'] });
    expect(findings(contracts)).toEqual(['ODMD120 enver web/b..main']);
  });

  it('are in the manifest as they are listed, home first', () => {
    const regions = ['us-west-1', 'ap-south-1', 'eu-west-1'];
    expect(contractsWith({ regions }).synth()).toMatchObject({ ok: true, manifest: { regions } });
    const without = contractsWith({}).synth();
    expect(without.ok && 'regions' in without.manifest).toBe(false);
  });
});

describe('ODMD142 accounts', () => {
  const workspace1 = { id: '222222222222' };
  it.each<[string, ContractsProps['accounts'], string[]]>([
    ['take several', { central: { id: '111111111111', central: true }, workspace1 }, []],
    [
      'refuse two names of one',
      { central: { id: '222222222222', central: true }, workspace1 },
      ['ODMD142 account central, account workspace1'],
    ],
    [
      'refuse two that are central',
      { a: { id: '111111111111', central: true }, b: { id: '333333333333', central: true }, workspace1 },
      ['ODMD142 account a, account b'],
    ],
  ])('%s', (_, accounts, expected) => {
    expect(findings(contractsWith({ accounts }))).toEqual(expected);
  });
});

describe('ODMD191 a build without envers', () => {
  it('is a warning', () => {
    const shop = new CoffeeShop();
    new Build(shop, 'idle', { repo: 'shop' });
    expect(findings(shop)).toEqual(['ODMD191 build idle']);
    expect(shop.synth().ok).toBe(true);
  });
});
