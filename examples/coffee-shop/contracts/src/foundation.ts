import { CdkEnver, Producer, ProducerGroup } from '@ondemandenv/contracts-base';
import { z } from 'zod';

const tableName = z.string().regex(/^[A-Za-z0-9_.-]{3,255}$/);

/** The DynamoDB tables that builds share; one that a single build uses is its own affair. */
class Tables extends ProducerGroup {
  /** What is on the menu, and what it costs. */
  readonly config = new Producer(this, 'config', { schema: tableName, example: 'shop-config' });
  /** How many of each were ordered. */
  readonly count = new Producer(this, 'count', { schema: tableName, example: 'shop-count' });
}

/** What every build of the shop stands on. */
export class Foundation extends CdkEnver {
  /** The EventBridge bus of all orders, and the source under which the shop puts them there. */
  readonly bus = new Producer(this, 'bus', {
    schema: z.string().regex(/^[A-Za-z0-9._/-]{1,256}$/),
    example: 'shop-orders',
    children: { source: { schema: z.string().min(1), example: 'coffee-shop.orders' } },
  });
  readonly tables = new Tables(this, 'tables');

  /** Data outlive the bus: each has its stack, and the data come first. */
  override get stacks() {
    return ['data', 'bus'];
  }
}
