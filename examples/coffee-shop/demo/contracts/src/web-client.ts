import { type Build, Consumer, type EnverProps } from '@ondemandenv/contracts-base';
import type { FoundationEnver } from './foundation.js';
import type { OrderManagerEnver } from './order-manager.js';
import type { OrderProcessorEnver } from './order-processor.js';
import { ServiceEnver } from './service-enver.js';

export interface WebClientProps extends EnverProps {
  readonly foundation: FoundationEnver;
  readonly manager: OrderManagerEnver;
  readonly processor: OrderProcessorEnver;
}

/** What guests see. A change of the menu reaches it by two ways, and deploys it once. */
export class WebClientEnver extends ServiceEnver {
  constructor(build: Build, props: WebClientProps) {
    super(build, props);
    new Consumer(this, 'greeting', props.foundation.greeting);
    new Consumer(this, 'manager', props.manager.api);
    new Consumer(this, 'specials', props.manager.specials);
    new Consumer(this, 'processor', props.processor.api);
    new Consumer(this, 'prices', props.processor.prices);
  }
}
