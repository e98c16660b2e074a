import { type EnverEntry, type ProductEntry, sha256 } from '@ondemandenv/contracts-base';
import { enverEntry } from '@ondemandenv/contracts-base/testing';
import { describe, expect, it } from 'vitest';
import { enverTemplates } from './templates.js';

const central = { account: '111111111111', region: 'us-west-1' };
const repo = { id: 7, ownerId: 1 };
const accountIds = { workspace1: '222222222222', networking: '444444444444' };

const product = (path: string): ProductEntry => ({
  name: path.split('/').slice(4).join('/'),
  path,
  kind: 'value',
  schema: { type: 'string' },
});

const orders = enverEntry({
  build: 'orders',
  kind: 'cdk',
  stacks: ['orders--main', 'orders--main--data'],
  exec: {
    services: ['lambda', 'route53'],
    statements: [{ effect: 'Allow', actions: ['s3:*'], resources: ['arn:aws:s3:::{enver}-files/*'] }],
  },
  runtimeGrants: [
    { account: 'workspace1', role: '{enver}--app' },
    { account: 'networking', role: 'Edge' },
  ],
  products: [product('/odmd-share/orders/b..main/api')],
  consumes: [
    {
      id: 'bus',
      from: 'foundation/b..main',
      path: '/odmd-share/foundation/b..main/bus',
      kind: 'value',
      schema: { type: 'string' },
      onChange: 'deploy',
    },
  ],
});

interface RoleProperties {
  readonly RoleName: string;
  readonly Path: string;
  readonly PermissionsBoundary: string;
  readonly AssumeRolePolicyDocument: { Statement: object[] };
  readonly Policies: { PolicyDocument: { Statement: Record<string, unknown>[] } }[];
}

/** The roles of a template by their names. */
function roles(body: string): Record<string, RoleProperties> {
  const { Resources } = JSON.parse(body) as {
    Resources: Record<string, { Type: string; Properties: RoleProperties }>;
  };
  const found = Object.values(Resources).filter(({ Type }) => Type === 'AWS::IAM::Role');
  return Object.fromEntries(found.map(({ Properties }) => [Properties.RoleName, Properties]));
}

function statements(role: RoleProperties | undefined): Record<string, Record<string, unknown>> {
  const all = role?.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement) ?? [];
  return Object.fromEntries(all.map((statement) => [String(statement.Sid), statement]));
}

const templatesOf = (entry: EnverEntry) => enverTemplates({ entry, central, repo, accountIds });

describe('the roles of an enver', () => {
  const { own, central: inCentral } = templatesOf(orders);

  it('are in its account and in central, below its build’s path and the boundary', () => {
    expect([own.account, own.region, own.stackName]).toEqual([
      '222222222222',
      'us-west-1',
      'odmd-enver-orders--main',
    ]);
    expect([inCentral.account, inCentral.region]).toEqual(['111111111111', 'us-west-1']);
    const all = [...Object.values(roles(own.body)), ...Object.values(roles(inCentral.body))];
    expect(all.map(({ RoleName }) => RoleName)).toEqual([
      'orders--main-build',
      'orders--main-exec',
      'orders--main-runtime',
      'orders--main-central',
      'orders--main-runtime',
    ]);
    for (const { Path, PermissionsBoundary } of all) {
      expect(Path).toBe('/odmd/orders/');
      expect(PermissionsBoundary).toMatch(/^arn:aws:iam::\d{12}:policy\/odmd-boundary$/);
    }
  });

  it('trust exactly one workflow file on one ref of one repository', () => {
    expect(roles(own.body)['orders--main-build']?.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRoleWithWebIdentity',
        Principal: {
          Federated: 'arn:aws:iam::222222222222:oidc-provider/token.actions.githubusercontent.com',
        },
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
            'token.actions.githubusercontent.com:repository_id': '7',
            'token.actions.githubusercontent.com:ref': 'refs/heads/main',
            'token.actions.githubusercontent.com:job_workflow_ref':
              'coffee/shop/.github/workflows/ODMD_orders-cdk-us-west-1-workspace1.yaml@refs/heads/main',
            'token.actions.githubusercontent.com:sub': [
              'repo:coffee/shop:ref:refs/heads/main',
              'repo:coffee@1/shop@7:ref:refs/heads/main',
            ],
          },
        },
      },
    ]);
  });

  it('let jobs change their own stacks through their own exec role, and nothing else', () => {
    const build = statements(roles(own.body)['orders--main-build']);
    expect(build.ChangeOwnStacks).toMatchObject({
      Resource: [
        'arn:aws:cloudformation:us-west-1:222222222222:stack/orders--main/*',
        'arn:aws:cloudformation:us-west-1:222222222222:stack/orders--main--data/*',
      ],
      Condition: {
        StringEquals: {
          'cloudformation:RoleArn': 'arn:aws:iam::222222222222:role/odmd/orders/orders--main-exec',
        },
      },
    });
    expect(build.PassOwnExecRole?.Resource).toBe(
      'arn:aws:iam::222222222222:role/odmd/orders/orders--main-exec',
    );
    expect(build.GoToCentral?.Resource).toBe(
      'arn:aws:iam::111111111111:role/odmd/orders/orders--main-central',
    );
    expect(Object.keys(build)).not.toContain('PushOwnImages');
  });

  it('let CloudFormation deploy what the contract declares, and make roles of the enver’s own only', () => {
    const exec = statements(roles(own.body)['orders--main-exec']);
    expect(exec.DeployDeclaredServices).toMatchObject({
      Action: 'lambda:*',
      Condition: { StringEquals: { 'aws:RequestedRegion': 'us-west-1' } },
    });
    expect(exec.DeployDeclaredGlobalServices).toMatchObject({ Action: 'route53:*' });
    expect(exec.MakeOwnRolesBelowBoundary).toMatchObject({
      Resource: 'arn:aws:iam::222222222222:role/odmd/orders/app/orders--main/*',
      Condition: {
        StringEquals: {
          'iam:PermissionsBoundary': 'arn:aws:iam::222222222222:policy/odmd-app-boundary',
        },
      },
    });
    expect(exec.Contract1?.Resource).toBe('arn:aws:s3:::orders--main-files/*');
  });

  it('read what it consumes and write what it produces in central, and say so under its own name', () => {
    const { CentralRole, ...policy } = { CentralRole: roles(inCentral.body)['orders--main-central'] };
    expect(policy).toEqual({});
    expect(CentralRole?.AssumeRolePolicyDocument.Statement).toMatchObject([
      {
        Condition: {
          ArnEquals: {
            'aws:PrincipalArn': 'arn:aws:iam::222222222222:role/odmd/orders/orders--main-build',
          },
        },
      },
    ]);
    const parameter = (path: string) => `arn:aws:ssm:us-west-1:111111111111:parameter${path}`;
    expect(statements(CentralRole)).toEqual({
      ReadConsumedProducts: {
        Sid: 'ReadConsumedProducts',
        Effect: 'Allow',
        Action: 'ssm:GetParameters',
        Resource: parameter('/odmd-share/foundation/b..main/bus'),
      },
      ReadOwnState: {
        Sid: 'ReadOwnState',
        Effect: 'Allow',
        Action: 'ssm:GetParameters',
        Resource: [
          parameter('/odmd-share/orders/b..main/api'),
          parameter('/odmd-state/orders/b..main/dispatch'),
          parameter('/odmd-state/orders/b..main/deployed'),
        ],
      },
      WriteOwnProducts: {
        Sid: 'WriteOwnProducts',
        Effect: 'Allow',
        Action: 'ssm:PutParameter',
        Resource: [
          parameter('/odmd-share/orders/b..main/api'),
          parameter('/odmd-state/orders/b..main/deployed'),
        ],
      },
      SayWhatHappened: {
        Sid: 'SayWhatHappened',
        Effect: 'Allow',
        Action: 'events:PutEvents',
        Resource: 'arn:aws:events:us-west-1:111111111111:event-bus/odmd',
        Condition: { StringEquals: { 'events:source': 'odmd.enver/orders/b..main' } },
      },
      ReadOwnEntry: {
        Sid: 'ReadOwnEntry',
        Effect: 'Allow',
        Action: 's3:GetObject',
        Resource: 'arn:aws:s3:::odmd-manifests-111111111111-us-west-1/entries/orders/b..main.json',
      },
    });
  });

  it('are for the applications that the contract names, in whichever account', () => {
    const trusted = JSON.stringify(roles(own.body)['orders--main-runtime']?.AssumeRolePolicyDocument);
    const arns = [...trusted.matchAll(/arn:aws:iam::(\d+):role(.*?)"/g)].map(([, account, role]) => [
      account,
      role,
    ]);
    expect(arns).toEqual([
      ['222222222222', '/orders--main--app'],
      // Below the path where its own stacks alone make roles.
      ['222222222222', '/odmd/orders/app/orders--main/orders--main--app'],
      ['444444444444', '/Edge'],
    ]);
  });

  it('come out the same every time, and differ for every enver', () => {
    expect(templatesOf(orders)).toEqual(templatesOf(orders));
    const feature = enverEntry({
      ...orders,
      revision: { kind: 'branch', ref: 'feature' },
      id: 'orders/b..feature',
    });
    const names = (entry: EnverEntry) => Object.keys(roles(templatesOf(entry).own.body));
    expect(names(feature).filter((name) => names(orders).includes(name))).toEqual([]);
  });
});

describe('other kinds', () => {
  it('a script has no exec role', () => {
    const names = Object.keys(roles(templatesOf(enverEntry({ build: 'web' })).own.body));
    expect(names).toEqual(['web--main-build']);
  });

  it('an image build has its repositories, emptied when it is ephemeral, and may push to them', () => {
    const images = [{ repository: 'api/main/server', context: '.', dockerfile: 'Dockerfile' }];
    const entry = enverEntry({ build: 'api', kind: 'containerImage', images, ephemeral: true });
    const { own } = enverTemplates({ entry, central, repo, accountIds, pulledBy: ['444444444444'] });
    const { Resources } = JSON.parse(own.body);
    const repository = Object.values(Resources as Record<string, { Type: string }>).find(
      ({ Type }) => Type === 'AWS::ECR::Repository',
    );
    expect(repository).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: { RepositoryName: 'api/main/server', EmptyOnDelete: true, ImageTagMutability: 'IMMUTABLE' },
    });
    expect(JSON.stringify(repository)).toContain('444444444444:root');
    expect(JSON.stringify(repository)).toContain('arn:aws:lambda:*:444444444444:function:*');
    const alone = enverTemplates({ entry, central, repo, accountIds }).own.body;
    expect(alone).not.toContain('RepositoryPolicyText');
    expect(statements(roles(own.body)['api--main-build']).PushOwnImages?.Resource).toBe(
      'arn:aws:ecr:us-west-1:222222222222:repository/api/main/server',
    );
  });
});

describe('hostile names', () => {
  it.each(['$(id)', 'a";id;"', '`id`', '$' + '{{github.token}}', 'é'])(
    'the branch %j is trusted by its very name',
    (ref) => {
      const entry = enverEntry({ revision: { kind: 'branch', ref } });
      const [role] = Object.values(roles(templatesOf(entry).own.body));
      const trusted = JSON.stringify(role?.AssumeRolePolicyDocument).replaceAll('$' + '{$}', '$');
      expect(trusted).toContain(JSON.stringify(`refs/heads/${ref}`));
    },
  );

  it('an id that is longer than a tag is tagged, and has its assets, by its digest', () => {
    const entry = enverEntry({ build: 'b'.repeat(60), revision: { kind: 'branch', ref: 'x'.repeat(240) } });
    const { own } = templatesOf(entry);
    const values = [...own.body.matchAll(/"Key":"odmd:enver","Value":"([^"]*)"/g)].map(([, value]) => value);
    expect(new Set(values)).toEqual(new Set([sha256(entry.id)]));
    expect(own.body).toContain(`/assets/${sha256(entry.id)}/*`);
  });

  it('a branch that IAM cannot name is refused with what to do', () => {
    const entry = enverEntry({ revision: { kind: 'branch', ref: '功能' } });
    expect(() => templatesOf(entry)).toThrow(expect.objectContaining({ code: 'ODMD851' }));
  });

  it('more products than a policy can name are refused', () => {
    const products = Array.from({ length: 120 }, (_, n) => product(`/odmd-share/orders/b..main/product${n}`));
    expect(() => templatesOf(enverEntry({ products }))).toThrow(expect.objectContaining({ code: 'ODMD852' }));
  });
});
