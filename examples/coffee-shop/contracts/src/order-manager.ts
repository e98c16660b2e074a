import { CdkEnver, Consumer, Producer } from '@ondemandenv/contracts-base';
import { z } from 'zod';
import type { Foundation } from './foundation.js';
import type { OrderEvents } from './order-events.js';
import { endpoint } from './types.js';
import type { UserAuth } from './user-auth.js';

interface Wants {
  readonly events: OrderEvents;
  readonly foundation: Foundation;
  readonly userAuth: UserAuth;
}

/** Takes the orders of guests and puts them on the bus. */
export class OrderManager extends CdkEnver<Wants> {
  readonly bus = new Consumer(this, 'bus', this.props.foundation.bus);
  readonly source = new Consumer(this, 'source', this.props.foundation.bus.children.source);
  readonly configTable = new Consumer(this, 'configTable', this.props.foundation.tables.config);
  readonly countTable = new Consumer(this, 'countTable', this.props.foundation.tables.count);
  readonly events = new Consumer(this, 'events', this.props.events.package);
  readonly issuer = new Consumer(this, 'issuer', this.props.userAuth.issuer);

  readonly api = new Producer(this, 'api', {
    schema: endpoint.extend({ stage: z.string() }),
    example: { url: 'https://api.shop.coffee.example', stage: 'live' },
    public: true,
  });
}
