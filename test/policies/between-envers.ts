import type { CentralPlace } from '@ondemandenv/central-stacks';
import {
  APP_BOUNDARY,
  appRolePath,
  artifactBucket,
  assetPrefix,
  deployedStatePath,
  dispatchStatePath,
  EVENT_BUS,
  entryObject,
  eventSource,
  manifestBucket,
  neighboursOf,
  platformStackName,
  roleArn,
} from '@ondemandenv/contracts-base';
import { type Ask, type Case, casesOf, type Party } from './cases.js';
import type { Org } from './org.js';

/** What every role of one enver may do to what is another's, or its own. */
export function betweenEnvers(org: Org, asking: Party, target: Party): Case[] {
  const { central } = org;
  return casesOf(asking, target.entry.id, [
    ...values(central, asking, target),
    ...stacks(asking, target),
    ...roles(asking, target),
    ...files(central, asking, target),
    ...artifacts(asking, target),
    ...images(org, asking, target),
  ]);
}

function values(central: CentralPlace, asking: Party, { entry }: Party): Ask[] {
  const at = { owner: central.account, region: central.region };
  const parameter = (path: string) => `arn:aws:ssm:${central.region}:${central.account}:parameter${path}`;
  const consumed = new Set(asking.entry.consumes.map(({ path }) => path));
  const asks: Ask[] = [];
  for (const { path } of entry.products) {
    const resource = parameter(path);
    const others = consumed.has(path) ? (['central', 'reader'] as const) : [];
    const question = consumed.has(path) ? 'read a product that it consumes' : 'read a product';
    asks.push(
      { ...at, question, action: 'ssm:GetParameters', resource, own: ['central', 'reader'], others },
      // By other ways than the one that was given.
      { ...at, question: 'read the history of a product', action: 'ssm:GetParameterHistory', resource },
      { ...at, question: 'write a product', action: 'ssm:PutParameter', resource, own: ['central'] },
      { ...at, question: 'remove a product', action: 'ssm:DeleteParameters', resource },
    );
  }
  const state = { ...at, resource: parameter(deployedStatePath(entry.id)) };
  const dispatch = { ...at, resource: parameter(dispatchStatePath(entry.id)) };
  const bus = `arn:aws:events:${central.region}:${central.account}:event-bus/${EVENT_BUS}`;
  return [
    ...asks,
    { ...state, question: 'say that it is deployed', action: 'ssm:PutParameter', own: ['central'] },
    { ...state, question: 'read what is deployed', action: 'ssm:GetParameters', own: ['central'] },
    { ...dispatch, question: 'read what was dispatched', action: 'ssm:GetParameters', own: ['central'] },
    { ...dispatch, question: 'write what was dispatched', action: 'ssm:PutParameter' },
    {
      ...at,
      question: 'speak as the enver',
      action: 'events:PutEvents',
      resource: bus,
      resourcePolicy: bus,
      context: { 'events:source': eventSource(entry.id), 'events:detail-type': 'EnverDeployed' },
      own: ['central'],
    },
  ];
}

const CHANGES = ['CreateStack', 'UpdateStack', 'CreateChangeSet'] as const;

function stacks(asking: Party, { entry, roles: its }: Party): Ask[] {
  const at = { owner: entry.account.id, region: entry.region };
  const arn = (name: string) => `arn:aws:cloudformation:${at.region}:${at.owner}:stack/${name}/*`;
  const asks: Ask[] = [];
  for (const resource of entry.stacks.map(arn)) {
    for (const change of CHANGES) {
      const ask = { ...at, resource, action: `cloudformation:${change}` };
      const via = (RoleArn = '') => ({ context: { 'cloudformation:RoleArn': RoleArn } });
      asks.push({ ...ask, ...via(its.exec), question: 'change a stack', own: ['build'] });
      asks.push({ ...ask, question: 'change a stack by its own permissions' });
      if (asking.entry.id !== entry.id)
        asks.push({ ...ask, ...via(asking.roles.exec), question: 'change a stack' });
    }
    for (const action of ['DeleteStack', 'ExecuteChangeSet', 'CancelUpdateStack', 'TagResource'])
      asks.push({
        ...at,
        resource,
        action: `cloudformation:${action}`,
        question: 'let a stack go',
        own: ['build'],
      });
    for (const action of ['SetStackPolicy', 'UpdateTerminationProtection'])
      asks.push({ ...at, resource, action: `cloudformation:${action}`, question: 'loosen a stack' });
  }
  const platform = arn(platformStackName(entry.id));
  for (const change of [...CHANGES, 'DeleteStack', 'ExecuteChangeSet'])
    asks.push({
      ...at,
      resource: platform,
      action: `cloudformation:${change}`,
      question: 'change what the platform made for an enver',
    });
  return asks;
}

function roles(asking: Party, { entry, roles: its }: Party): Ask[] {
  const at = { owner: entry.account.id, region: entry.region };
  const asks: Ask[] = [];
  const passed = (to: string) => ({ context: { 'iam:PassedToService': `${to}.amazonaws.com` } });
  if (its.exec) {
    const pass = { ...at, action: 'iam:PassRole', resource: its.exec };
    asks.push({ ...pass, ...passed('cloudformation'), question: 'pass the exec role', own: ['build'] });
    asks.push({ ...pass, ...passed('lambda'), question: 'pass the exec role to something else' });
  }
  const application = roleArn(at.owner, appRolePath(entry.id), 'Any');
  asks.push({
    ...at,
    ...passed('lambda'),
    action: 'iam:PassRole',
    resource: application,
    question: 'pass the role of an application',
    own: its.exec ? ['exec'] : [],
    // Applications of one account are walled off from each other by their own policies alone.
    except: ['application'],
  });
  for (const [kind, resource] of Object.entries(its)) {
    if (kind === 'application') continue;
    asks.push({
      ...at,
      owner: resource.split(':')[4] ?? '',
      action: 'sts:AssumeRole',
      resource,
      resourcePolicy: resource,
      question: `become its ${kind} role`,
      own: kind === 'central' ? ['build'] : kind === 'reader' ? ['runtime'] : [],
    });
    for (const action of ['PutRolePolicy', 'UpdateAssumeRolePolicy', 'TagRole', 'DeleteRole'])
      asks.push({
        ...at,
        owner: resource.split(':')[4] ?? '',
        action: `iam:${action}`,
        resource,
        question: 'change a role of the platform',
      });
  }
  if (asking.entry.id !== entry.id) asks.push(...roleMaking(at, application));
  return asks;
}

/** Making a role for an application, below the boundary as it has to be. */
function roleMaking(at: { owner: string; region: string }, resource: string): Ask[] {
  const context = { 'iam:PermissionsBoundary': `arn:aws:iam::${at.owner}:policy/${APP_BOUNDARY}` };
  return ['CreateRole', 'PutRolePolicy', 'AttachRolePolicy'].map((action) => ({
    ...at,
    action: `iam:${action}`,
    resource,
    context,
    question: 'make a role for an application',
  }));
}

function files(central: CentralPlace, asking: Party, { entry }: Party): Ask[] {
  const at = { owner: entry.account.id, region: entry.region };
  const bucket = `arn:aws:s3:::${artifactBucket(at.owner, at.region)}`;
  const asset = { ...at, resource: `${bucket}/${assetPrefix(entry.id)}abc.zip`, resourcePolicy: bucket };
  const manifests = `arn:aws:s3:::${manifestBucket(central.account, central.region)}`;
  const contract = {
    owner: central.account,
    region: central.region,
    resource: `${manifests}/${entryObject(entry.id)}`,
    resourcePolicy: manifests,
  };
  return [
    // What is deployed is no secret from the account's applications; who may change it is what matters.
    {
      ...asset,
      action: 's3:GetObject',
      question: 'read what an enver is deployed from',
      own: ['build', 'exec'],
      except: ['application'],
    },
    ...['PutObject', 'DeleteObject'].map((action) => ({
      ...asset,
      action: `s3:${action}`,
      question: 'change what an enver is deployed from',
      own: action === 'PutObject' ? (['build'] as const) : [],
      // With its own the exec role does as its contract says.
      except: asking.entry.id === entry.id ? (['exec'] as const) : [],
    })),
    { ...contract, action: 's3:GetObject', question: 'read the contract entry', own: ['central'] },
    { ...contract, action: 's3:PutObject', question: 'write the contract entry' },
  ];
}

/** The objects behind published artifacts: read by the jobs of those who consume them, wherever these are. */
function artifacts(asking: Party, { entry }: Party): Ask[] {
  const at = { owner: entry.account.id, region: entry.region };
  const bucket = `arn:aws:s3:::${artifactBucket(at.owner, at.region)}`;
  const consumed = new Set(asking.entry.consumes.map(({ path }) => path));
  return entry.products
    .filter(({ kind }) => kind === 'artifact')
    .flatMap(({ name, path }): Ask[] => {
      const resource = `${bucket}/${assetPrefix(entry.id)}products/${name}/abc/file.json`;
      const ask = { ...at, resource, resourcePolicy: bucket, except: ['application'] as const };
      return [
        {
          ...ask,
          action: 's3:GetObjectVersion',
          question: 'read an artifact',
          own: [],
          others: consumed.has(path) ? ['build'] : [],
          // Its own the enver has: what it may do with it is in the other questions.
          except: asking.entry.id === entry.id ? ['application', 'build', 'exec'] : ['application'],
        },
        {
          ...ask,
          action: 's3:PutObject',
          question: 'change an artifact',
          own: ['build'],
          except: asking.entry.id === entry.id ? ['application', 'exec'] : ['application'],
        },
      ];
    });
}

function images({ manifest }: Org, { entry: asking }: Party, { entry }: Party): Ask[] {
  return entry.images.flatMap(({ repository }) => {
    const resource = `arn:aws:ecr:${entry.region}:${entry.account.id}:repository/${repository}`;
    const at = { owner: entry.account.id, region: entry.region, resource, resourcePolicy: resource };
    const pulls = neighboursOf(manifest, entry).pulledBy.includes(asking.account.id);
    return [
      // In its own account an application that is given ECR has all of it: the account is the wall.
      { ...at, action: 'ecr:PutImage', question: 'push an image', own: ['build'], except: ['application'] },
      {
        ...at,
        action: 'ecr:BatchGetImage',
        question: 'pull an image in another account',
        own: ['build'],
        others: pulls ? ['application'] : [],
        except: asking.account.id === entry.account.id ? ['application'] : [],
      },
    ] satisfies Ask[];
  });
}
