import { type Build, Consumer, type EnverProps, Producer } from '@ondemandenv/contracts-base';
import { z } from 'zod';
import type { FoundationEnver } from './foundation.js';
import { endpoint, ServiceEnver } from './service-enver.js';

export interface OrderManagerProps extends EnverProps {
  readonly foundation: FoundationEnver;
}

/** Decides what is special today. */
export class OrderManagerEnver extends ServiceEnver {
  readonly api = new Producer(this, 'api', { schema: endpoint });
  readonly specials = new Producer(this, 'specials', { schema: z.string(), example: 'espresso for 2.00' });

  constructor(build: Build, props: OrderManagerProps) {
    super(build, props);
    new Consumer(this, 'foundation', props.foundation.api);
    new Consumer(this, 'menu', props.foundation.menu);
  }
}
