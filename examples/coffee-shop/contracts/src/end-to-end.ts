import { Consumer, Producer, Reaction, ScriptEnver } from '@ondemandenv/contracts-base';
import { z } from 'zod';
import type { EventCatalogue } from './order-events.js';
import type { OrderManager } from './order-manager.js';
import type { OrderProcessor } from './order-processor.js';
import type { UserAuth } from './user-auth.js';
import type { WebClient } from './web-client.js';

interface Wants {
  readonly catalogue: EventCatalogue;
  readonly orders: OrderManager;
  readonly processor: OrderProcessor;
  readonly userAuth: UserAuth;
  readonly webClient: WebClient;
}

/** Orders a coffee as a guest does. It is deployed after all that it tests, whenever something of that changes. */
export class EndToEnd extends ScriptEnver<Wants> {
  readonly orders = new Consumer(this, 'orders', this.props.orders.api);
  readonly processor = new Consumer(this, 'processor', this.props.processor.health);
  readonly shop = new Consumer(this, 'shop', this.props.webClient.url);
  readonly schemas = new Consumer(this, 'schemas', this.props.catalogue.schemas);
  // A new password is no reason to order a coffee.
  readonly guest = new Consumer(this, 'guest', this.props.userAuth.testGuest, {
    onChange: Reaction.ignore(),
  });

  readonly report = new Producer(this, 'report', {
    schema: z.object({ passed: z.int(), failed: z.int() }),
    public: true,
  });
}
