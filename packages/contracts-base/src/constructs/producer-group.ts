import { Construct } from 'constructs';
import type { Enver } from './enver.js';
import { freeNodeId } from './node-id.js';

/**
 * A name under which products are kept together, without a value of its own; subclass it for a shape that several
 * envers share.
 *
 * @example
 * class Tables extends ProducerGroup {
 *   readonly config = new Producer(this, 'config', { schema: z.string() });
 *   readonly count = new Producer(this, 'count', { schema: z.string() });
 * }
 * class Foundation extends CdkEnver {
 *   readonly tables = new Tables(this, 'tables'); // products tables/config and tables/count
 * }
 */
export class ProducerGroup extends Construct {
  readonly enver: Enver;
  readonly id: string;
  /** The name below the enver: `tables`, `bus/source`. */
  readonly name: string;

  constructor(scope: Enver | ProducerGroup, id: string) {
    super(scope, freeNodeId(scope, `product:${id}`));
    this.enver = scope instanceof ProducerGroup ? scope.enver : scope;
    this.id = id;
    this.name = scope instanceof ProducerGroup ? `${scope.name}/${id}` : id;
    this.enver.declared.groups.push(this);
  }
}
