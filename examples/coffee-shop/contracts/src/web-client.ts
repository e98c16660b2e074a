import { Consumer, Producer, ScriptEnver } from '@ondemandenv/contracts-base';
import { z } from 'zod';
import type { Edge } from './edge.js';
import type { OrderManager } from './order-manager.js';
import type { UserAuth } from './user-auth.js';

interface Wants {
  readonly edge: Edge;
  readonly orders: OrderManager;
  readonly userAuth: UserAuth;
}

/** What guests see. */
export class WebClient extends ScriptEnver<Wants> {
  readonly domain = new Consumer(this, 'domain', this.props.edge.domain);
  readonly certificate = new Consumer(this, 'certificate', this.props.edge.certificate);
  readonly orders = new Consumer(this, 'orders', this.props.orders.api);
  readonly signIn = new Consumer(this, 'signIn', this.props.userAuth.signIn);

  readonly url = new Producer(this, 'url', {
    schema: z.url(),
    example: 'https://shop.coffee.example',
    public: true,
  });
  /** Where guests come back to who have signed in. */
  readonly callback = new Producer(this, 'callback', {
    schema: z.url(),
    example: 'https://shop.coffee.example/callback',
  });
}
