import {
  ArtifactProducer,
  Consumer,
  NpmPackageEnver,
  Producer,
  ScriptEnver,
} from '@ondemandenv/contracts-base';
import { z } from 'zod';

/** The types of the events on the bus, as a package. A version is a tag: built once, and never changed. */
export class OrderEvents extends NpmPackageEnver {}

/** The same events for people, and for programs in other languages. What a tag consumes has to be of a tag, too. */
export class EventCatalogue extends ScriptEnver<{ events: OrderEvents }> {
  readonly events = new Consumer(this, 'events', this.props.events.package);

  readonly schemas = new ArtifactProducer(this, 'schemas', {
    example: 's3://coffee-shop-schemas/order-events.json@3HL4kqtJlcpXrof3',
  });
  readonly url = new Producer(this, 'url', { schema: z.url(), public: true });
}
