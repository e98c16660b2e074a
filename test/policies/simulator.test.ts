import { describe, expect, it } from 'vitest';
import { type PolicyDocument, type Request, simulate } from './simulator.js';

/*
 * Probes of the simulator: what AWS documents about the evaluation of policies, as far as the policies of the platform
 * depend on it. Each allowed case has a refused one beside it.
 */

type Statement = PolicyDocument['Statement'][number];
const allow = (Action: string, Resource = '*', more: object = {}): Statement => ({
  Sid: 'Allow',
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const deny = (more: object): Statement => ({ Sid: 'Deny', Effect: 'Deny', ...more });

const ARN = 'arn:aws:iam::222222222222:role/odmd/orders/x';
const parameter = (path: string) => `arn:aws:ssm:us-west-1:222222222222:parameter${path}`;

interface Probe {
  readonly identity?: readonly Statement[];
  readonly boundary?: readonly Statement[];
  readonly resourcePolicy?: readonly Statement[];
  readonly request?: Partial<Request>;
  readonly tags?: Readonly<Record<string, string>>;
}

async function decides({ identity = [], boundary, resourcePolicy, request, tags = {} }: Probe) {
  const policies = {
    identity: { Statement: identity },
    ...(boundary && { boundary: { Statement: boundary } }),
    ...(resourcePolicy && { resource: { Statement: resourcePolicy } }),
  };
  const actor = { arn: ARN, tags, policies: ['identity'], ...(boundary && { boundary: 'boundary' }) };
  const [decision] = await simulate({ policies, actors: { actor } }, [
    {
      actor: 'actor',
      action: 'ssm:GetParameters',
      resource: parameter('/a/x'),
      owner: '222222222222',
      region: 'us-west-1',
      ...(resourcePolicy && { resourcePolicy: 'resource' }),
      ...request,
    },
  ]);
  return decision?.allowed;
}

const get = 'ssm:GetParameters';
const own = `arn:aws:s3:::b/assets/\${aws:PrincipalTag/odmd:enver}/*`;
const trust = (more: object = {}) => ({
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::222222222222:root' },
  Action: 'sts:AssumeRole',
  ...more,
});
const assume = {
  action: 'sts:AssumeRole',
  resource: 'arn:aws:iam::111111111111:role/r',
  owner: '111111111111',
};
const object = (key: string) => ({ action: 's3:GetObject', resource: `arn:aws:s3:::b/${key}` });
const withKey = (value: string) => ({ context: { 'events:source': value } });
const sources = (operator: string) => ({ Condition: { [operator]: { 'events:source': 'odmd.enver/a' } } });

describe.each<[string, Probe, Probe]>([
  ['nothing is allowed by itself', { identity: [allow(get)] }, {}],
  ['an action has wildcards', { identity: [allow('ssm:Get*')] }, { identity: [allow('ssm:Put*')] }],
  [
    'so has a resource, and its case counts',
    { identity: [allow(get, parameter('/a/*'))] },
    { identity: [allow(get, parameter('/A/*'))] },
  ],
  [
    'a denial wins',
    { identity: [allow(get), deny({ Action: get, Resource: parameter('/b/*') })] },
    { identity: [allow(get), deny({ Action: get, Resource: parameter('/a/*') })] },
  ],
  [
    'NotAction and NotResource are everything else',
    { identity: [allow(get), deny({ NotAction: get, NotResource: parameter('/a/*') })] },
    { identity: [allow(get), deny({ NotAction: 'ssm:PutParameter', NotResource: parameter('/b/*') })] },
  ],
  [
    'a boundary has to allow as well',
    { identity: [allow(get)], boundary: [allow('*')] },
    { identity: [allow(get)], boundary: [allow('s3:*')] },
  ],
  [
    'a boundary allows nothing by itself',
    { identity: [allow(get)], boundary: [allow(get)] },
    { identity: [allow('s3:*')], boundary: [allow(get)] },
  ],
  [
    'a denial of the boundary wins',
    { identity: [allow(get)], boundary: [allow('*'), deny({ Action: 's3:*', Resource: '*' })] },
    { identity: [allow(get)], boundary: [allow('*'), deny({ Action: 'ssm:*', Resource: '*' })] },
  ],
  [
    'a condition key of the request counts',
    { identity: [allow(get, '*', sources('StringEquals'))], request: withKey('odmd.enver/a') },
    { identity: [allow(get, '*', sources('StringEquals'))], request: withKey('odmd.enver/b') },
  ],
  [
    'a key that is not there equals nothing, and is not equal to anything',
    { identity: [allow(get, '*', sources('StringNotEquals'))] },
    { identity: [allow(get, '*', sources('StringEquals'))] },
  ],
  [
    'Null asks whether a key is there',
    { identity: [allow(get, '*', { Condition: { Null: { 'events:source': 'true' } } })] },
    { identity: [allow(get, '*', { Condition: { Null: { 'events:source': 'false' } } })] },
  ],
  [
    'the region of the request is known',
    { identity: [allow(get, '*', { Condition: { StringEquals: { 'aws:RequestedRegion': 'us-west-1' } } })] },
    { identity: [allow(get, '*', { Condition: { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } } })] },
  ],
  [
    'a tag of the role stands in a resource by its variable',
    { identity: [allow('s3:*', own)], request: object('assets/a/k'), tags: { 'odmd:enver': 'a' } },
    { identity: [allow('s3:*', own)], request: object('assets/b/k'), tags: { 'odmd:enver': 'a' } },
  ],
  [
    'a policy of a bucket denies what the role may do',
    {
      identity: [allow('s3:*')],
      resourcePolicy: [deny({ Principal: '*', Action: 's3:*', NotResource: own })],
      request: object('assets/a/k'),
      tags: { 'odmd:enver': 'a' },
    },
    {
      identity: [allow('s3:*')],
      resourcePolicy: [deny({ Principal: '*', Action: 's3:*', NotResource: own })],
      request: object('assets/b/k'),
      tags: { 'odmd:enver': 'a' },
    },
  ],
  [
    'in another account its policy has to allow as well',
    { identity: [allow('sts:*')], resourcePolicy: [trust()], request: assume },
    { identity: [allow('sts:*')], request: assume },
  ],
  [
    'and the role’s own account',
    { identity: [allow('sts:*')], resourcePolicy: [trust()], request: assume },
    { identity: [allow('s3:*')], resourcePolicy: [trust()], request: assume },
  ],
  [
    'a trust names a role by its ARN, with its path',
    {
      identity: [allow('sts:*')],
      resourcePolicy: [trust({ Condition: { ArnEquals: { 'aws:PrincipalArn': ARN } } })],
      request: assume,
    },
    {
      identity: [allow('sts:*')],
      resourcePolicy: [
        trust({ Condition: { ArnEquals: { 'aws:PrincipalArn': ARN.replace('orders/', '') } } }),
      ],
      request: assume,
    },
  ],
  [
    'a role of the same account is had by its trust only',
    { identity: [allow('sts:*')], resourcePolicy: [trust()], request: { ...assume, owner: '222222222222' } },
    {
      identity: [allow('sts:*')],
      resourcePolicy: [
        { Effect: 'Allow', Principal: { Service: 'cloudformation.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
      request: { ...assume, owner: '222222222222' },
    },
  ],
])('%s', (_, right, wrong) => {
  it('allowed', async () => expect(await decides(right)).toBe(true));
  it('refused', async () => expect(await decides(wrong)).toBe(false));
});
