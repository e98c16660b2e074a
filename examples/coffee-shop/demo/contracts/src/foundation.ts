import { Producer } from '@ondemandenv/contracts-base';
import { z } from 'zod';
import { endpoint, ServiceEnver } from './service-enver.js';

/** What the shop sells. */
export const menu = z.array(z.object({ name: z.string().min(1), cents: z.int().positive() })).min(1);

/** What everything else stands on: the menu, and how guests are greeted. */
export class FoundationEnver extends ServiceEnver {
  readonly api = new Producer(this, 'api', { schema: endpoint });
  readonly greeting = new Producer(this, 'greeting', { schema: z.string(), example: 'Hello!' });
  readonly menu = new Producer(this, 'menu', {
    schema: menu,
    example: [{ name: 'espresso', cents: 250 }],
  });
}
