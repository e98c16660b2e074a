import { Construct } from 'constructs';
import type { z } from 'zod';
import type { Enver } from './enver.js';
import { freeNodeId } from './node-id.js';
import type { Producer } from './producer.js';
import { Reaction } from './reaction.js';

export interface ConsumerProps<T> {
  /**
   * What to do when the product changes.
   * @default Reaction.deploy()
   */
  readonly onChange?: Reaction;
  /**
   * A deployable value for the time before the product's first one exists: this is how cycles start.
   * @default none: the enver waits for the first value
   */
  readonly placeholder?: T;
}

/**
 * An enver's declared use of another build's product. It may be declared from outside, after both envers exist: this
 * is how two builds consume each other.
 *
 * @example this.menu = new Consumer(this, 'menu', props.foundation.menu);
 */
export class Consumer<S extends z.ZodType = z.ZodType> extends Construct {
  readonly enver: Enver;
  /** The name by which the enver's own code knows the value; made of letters, digits, `_`, `-` and `.`. */
  readonly id: string;
  readonly producer: Producer<S>;
  readonly onChange: Reaction;
  readonly placeholder: z.output<S> | undefined;

  constructor(enver: Enver, id: string, producer: Producer<S>, props: ConsumerProps<z.output<S>> = {}) {
    super(enver, freeNodeId(enver, `consumes:${id}`));
    this.enver = enver;
    this.id = id;
    this.producer = producer;
    this.onChange = props.onChange ?? Reaction.deploy();
    this.placeholder = props.placeholder;
    enver.declared.consumers.push(this);
    enver.build.contracts.declared.consumers.push(this);
  }
}
