import {
  deployedStatePath,
  dispatchStatePath,
  type EnverEntry,
  EVENT_BUS,
  entryObject,
  eventSource,
  manifestBucket,
} from '@ondemandenv/contracts-base';
import type { CentralPlace } from './enver.js';
import type { Statement } from './statement.js';

/** What an enver's jobs may do in the central account: read what it consumes, write what it produces, say so. */
export function centralStatements(entry: EnverEntry, central: CentralPlace): Statement[] {
  const own = entry.products.map(({ path }) => path);
  const parameter = (path: string) => `arn:aws:ssm:${central.region}:${central.account}:parameter${path}`;
  const bucket = `arn:aws:s3:::${manifestBucket(central.account, central.region)}`;
  const publishes = entry.kind === 'contractsLib';
  return [
    {
      sid: 'ReadConsumedProducts',
      actions: ['ssm:GetParameters'],
      resources: [...new Set(entry.consumes.map(({ path }) => path))].map(parameter),
    },
    {
      sid: 'ReadOwnState',
      actions: ['ssm:GetParameters'],
      resources: [...own, dispatchStatePath(entry.id), deployedStatePath(entry.id)].map(parameter),
    },
    {
      sid: 'WriteOwnProducts',
      actions: ['ssm:PutParameter'],
      resources: [...own, deployedStatePath(entry.id)].map(parameter),
    },
    {
      sid: 'SayWhatHappened',
      actions: ['events:PutEvents'],
      resources: [`arn:aws:events:${central.region}:${central.account}:event-bus/${EVENT_BUS}`],
      conditions: { StringEquals: { 'events:source': eventSource(entry.id) } },
    },
    {
      sid: 'ReadOwnEntry',
      actions: ['s3:GetObject'],
      resources: [`${bucket}/${entryObject(entry.id)}`],
    },
    {
      sid: 'PublishManifests',
      actions: ['s3:PutObject'],
      resources: publishes ? [`${bucket}/manifests/*`] : [],
      wildcard: 'a manifest is named by the commit that it was made of',
    },
  ];
}

/** What applications may read while they run, by way of the runtime roles: own and consumed products. */
export function runtimeStatements(entry: EnverEntry, central: CentralPlace): Statement[] {
  const paths = [...entry.products, ...entry.consumes].map(({ path }) => path);
  return [
    {
      sid: 'ReadProducts',
      actions: ['ssm:GetParameters'],
      resources: [...new Set(paths)].map(
        (path) => `arn:aws:ssm:${central.region}:${central.account}:parameter${path}`,
      ),
    },
  ];
}
