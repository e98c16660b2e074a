import { describe, expect, it } from 'vitest';
import { type CloneSettings, Consumer, type IamStatementProps, SecretProducer } from '../constructs/index.js';
import { CoffeeShop, findings, messages } from '../testing/coffee-shop.js';

function withServices(services: string[]): CoffeeShop {
  const shop = new CoffeeShop();
  shop.enver('web', { exec: { services } });
  return shop;
}

describe('ODMD134 services', () => {
  it.each(['', '*', 'S3', 's3:*', 'iam', 'sts', 'cloudformation'])('refuse %j', (service) => {
    expect(findings(withServices([service]))).toEqual(['ODMD134 enver web/b..main']);
  });

  it('take others', () => {
    expect(findings(withServices(['rds', 'lambda', 'execute-api']))).toEqual([]);
  });
});

function withStatement(given: Partial<IamStatementProps>, clones: CloneSettings | 'off' = 'off'): CoffeeShop {
  const shop = new CoffeeShop();
  const statement = { actions: ['s3:GetObject'], resources: ['*'], ...given };
  shop.enver('web', { exec: { statements: [statement] }, clones });
  return shop;
}

const STATEMENT = 'IAM statement 1 of web/b..main';

describe('ODMD135 further statements', () => {
  it.each([
    ['a literal bucket', ['arn:aws:s3:::web-assets/*']],
    ['a literal table of the own account', ['arn:aws:dynamodb:us-west-1:222222222222:table/web']],
    ['a literal table of any account', ['arn:aws:dynamodb:us-west-1:*:table/web']],
    ['what begins like the enver', ['arn:aws:s3:::{enver}*']],
    ['what begins like the enver and a dash', ['arn:aws:s3:::{enver}-*/x']],
    ['no ARN', ['web']],
    ['an unknown placeholder', ['arn:aws:s3:::{env}-assets']],
    ['an empty placeholder', ['arn:aws:s3:::{}-assets']],
    ['a placeholder written as in a template string', ['arn:aws:s3:::$' + '{enver}-assets']],
    ['nothing', []],
  ])('refuse %s', (_, resources) => {
    expect(findings(withStatement({ resources }))).toEqual([`ODMD135 ${STATEMENT}`]);
  });

  it.each(['s3', '*', 's3:', 's3:Get Object', 'S3:GetObject'])('refuse the action %j', (action) => {
    expect(findings(withStatement({ actions: [action] }))).toEqual([`ODMD135 ${STATEMENT}`]);
  });

  it.each<[string, Partial<IamStatementProps>]>([
    ['own names', { resources: ['arn:aws:s3:::{enver}-assets/*'] }],
    ['own names with a policy variable', { resources: ['arn:aws:s3:::{enver}/$' + '{aws:username}/*'] }],
    ['own names that go on', { resources: ['arn:aws:dynamodb:us-west-1:222222222222:table/{enver}-Menu*'] }],
    ['another account', { resources: ['arn:aws:dynamodb:us-west-1:999999999999:table/menu'] }],
    ['everything', { resources: ['*', 'arn:aws:s3:::*'] }],
    ['what is shared', { resources: ['arn:aws:route53:::hostedzone/Z1'], shared: true }],
    ['what is denied', { resources: ['arn:aws:s3:::audit'], effect: 'Deny' }],
  ])('take %s', (_, statement) => {
    expect(findings(withStatement(statement))).toEqual([]);
  });
});

describe('ODMD194 shared resources', () => {
  const shared = { resources: ['arn:aws:route53:::hostedzone/Z1'], shared: true };

  it('are warned of when clones get at them', () => {
    expect(findings(withStatement(shared, {}))).toEqual([`ODMD194 ${STATEMENT}`]);
    expect(messages(withStatement(shared, {}), 'ODMD194')[0]).toContain('hostedzone/Z1');
    expect(findings(withStatement(shared, { max: 0 }))).toEqual([]);
  });
});

describe('ODMD136 a secret', () => {
  function consumedFrom(account: string, readableFrom?: string[]): CoffeeShop {
    const shop = new CoffeeShop();
    const secret = new SecretProducer(shop.foundation, 'password', readableFrom ? { readableFrom } : {});
    new Consumer(shop.enver('web', { account }), 'password', secret);
    return shop;
  }

  it('is consumed in its own account, or in one that may read it', () => {
    expect(findings(consumedFrom('workspace1'))).toEqual([]);
    expect(findings(consumedFrom('workspace2', ['workspace2']))).toEqual([]);
  });

  it('is not consumed in another', () => {
    expect(findings(consumedFrom('workspace2'))).toEqual(['ODMD136 consumer password of web/b..main']);
    expect(findings(consumedFrom('workspace2', ['workspace1']))).toHaveLength(1);
  });

  it('says in the manifest who else may read it, by name and id', () => {
    const readers = (readableFrom?: string[]) => {
      const result = consumedFrom('workspace1', readableFrom).synth();
      if (!result.ok) throw new Error(JSON.stringify(result.errors));
      const { products = [] } = result.manifest.envers['foundation/b..main'] ?? {};
      return products.find(({ name }) => name === 'password')?.readableFrom;
    };
    const [central, other] = [
      { name: 'central', id: '111111111111' },
      { name: 'workspace2', id: '333333333333' },
    ];
    expect(readers(['workspace2', 'central', 'workspace2'])).toEqual([central, other]);
    expect(readers(['workspace1'])).toBeUndefined();
    expect(readers()).toBeUndefined();
  });

  it('is readable from accounts that there are', () => {
    expect(findings(consumedFrom('workspace1', ['nowhere']))).toEqual([
      'ODMD128 product password of foundation/b..main',
    ]);
  });
});
