import { type Build, Consumer, type EnverProps, Producer } from '@ondemandenv/contracts-base';
import { z } from 'zod';
import type { FoundationEnver } from './foundation.js';
import { endpoint, ServiceEnver } from './service-enver.js';

/** What guests pay for each drink, tax included. */
export const prices = z.record(z.string(), z.string());

export interface OrderProcessorProps extends EnverProps {
  readonly foundation: FoundationEnver;
}

/** Knows what an order costs. */
export class OrderProcessorEnver extends ServiceEnver {
  readonly api = new Producer(this, 'api', { schema: endpoint });
  readonly prices = new Producer(this, 'prices', { schema: prices, example: { espresso: '2.75' } });

  constructor(build: Build, props: OrderProcessorProps) {
    super(build, props);
    new Consumer(this, 'menu', props.foundation.menu);
  }
}
