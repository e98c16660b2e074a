import { Construct } from 'constructs';
import type { z } from 'zod';
import { type ProductPath, productPath } from '../naming/index.js';
import type { Enver } from './enver.js';
import { freeNodeId } from './node-id.js';

export interface ProducerProps<S extends z.ZodType> {
  /**
   * The type of the published value: plain JSON that is checked without code and not changed by the check (rule
   * ODMD114). Objects are closed: a value with further properties is refused, unless it is a `z.looseObject`.
   */
  readonly schema: S;
  /**
   * A value for offline synthesis and tests. It is never deployed.
   * @default none
   */
  readonly example?: z.output<S>;
}

/**
 * A named slot into which a deployed enver publishes a versioned value. Products nest: a producer may be the
 * scope of others, whose names are then `parent/child`.
 *
 * @example readonly menu = new Producer(this, 'menu', { schema: z.array(z.string()), example: ['espresso'] });
 */
export class Producer<S extends z.ZodType = z.ZodType> extends Construct {
  readonly enver: Enver;
  readonly id: string;
  /** The name below the enver: `menu`, `bus/source`. */
  readonly name: string;
  readonly schema: S;
  readonly example: z.output<S> | undefined;

  constructor(scope: Enver | Producer, id: string, props: ProducerProps<S>) {
    super(scope, freeNodeId(scope, `product:${id}`));
    this.enver = scope instanceof Producer ? scope.enver : scope;
    this.id = id;
    this.name = scope instanceof Producer ? `${scope.name}/${id}` : id;
    this.schema = props.schema;
    this.example = props.example;
  }

  get path(): ProductPath {
    return productPath(this.enver.id, this.name);
  }
}
