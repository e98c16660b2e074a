import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { GetParametersCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import {
  deployedStatePath,
  type EnverEntry,
  EVENT_BUS,
  entryObject,
  eventSource,
} from '@ondemandenv/contracts-base';
import type { Credentials } from '../../emulator/emulator.js';
import { assume } from '../../emulator/identities.js';
import { type Attempt, manifests, roleOf } from '../attempts.js';
import { Clients } from '../clients.js';
import type { Landscape } from '../landscape.js';

/** Whoever may become a role has become it. */
export async function whoIs(
  land: Landscape,
  role: string,
  as: Credentials,
  region: string,
): Promise<Clients> {
  return new Clients(land.aws.clientWith(await assume(land.aws, role, as), region));
}

/** The application that reads the products of an enver while it runs: by the runtime role, and the one in central. */
export async function readerOf(land: Landscape, own: EnverEntry, guest: Credentials): Promise<Clients> {
  const { account, region } = land.central;
  const runtime = await assume(land.aws, roleOf(own, 'runtime'), guest);
  return whoIs(land, roleOf(own, 'runtime', account), runtime, region);
}

/** Everything that there is to be read, as far as it is what the enver produces or consumes, and the rest. */
export function readings(
  { ssm }: Clients,
  own: EnverEntry,
  entries: readonly EnverEntry[],
): { readonly own: Attempt[]; readonly others: Attempt[] } {
  const known = new Set([...own.products, ...own.consumes].map(({ path }) => path));
  const read = (path: string): Attempt => [
    `read ${path} while it runs`,
    () => ssm.send(new GetParametersCommand({ Names: [path] })),
  ];
  const paths = entries.flatMap(({ id, products }) => [
    ...products.map(({ path }) => path),
    deployedStatePath(id),
  ]);
  return {
    own: paths.filter((path) => known.has(path)).map(read),
    others: paths.filter((path) => !known.has(path)).map(read),
  };
}

/** What an application does not do that only reads. */
export function notReading(land: Landscape, { events, s3, ssm }: Clients, own: EnverEntry): Attempt[] {
  const { account, region } = land.central;
  const EventBusName = `arn:aws:events:${region}:${account}:event-bus/${EVENT_BUS}`;
  const event = { Source: eventSource(own.id), DetailType: 'EnverDeployed', Detail: '{}', EventBusName };
  const entry = { Bucket: manifests(land), Key: entryObject(own.id) };
  return [
    ...own.products.map(({ path: Name }): Attempt => {
      const written = { Name, Value: '"x"', Type: 'String', Overwrite: true } as const;
      return [`write ${Name} while it runs`, () => ssm.send(new PutParameterCommand(written))];
    }),
    ['speak while it runs', () => events.send(new PutEventsCommand({ Entries: [event] }))],
    ['read its entry while it runs', () => s3.send(new GetObjectCommand(entry))],
  ];
}
