import type { z } from 'zod';
import { type ProductPath, productPath } from '../naming/index.js';
import type { Enver } from './enver.js';
import { ProducerGroup } from './producer-group.js';

/** Products inside a product, by name. */
export interface ChildProps {
  readonly [id: string]: {
    readonly schema: z.ZodType;
    readonly example?: unknown;
    readonly public?: boolean;
    readonly children?: ChildProps;
  };
}
export type NoChildren = Readonly<Record<never, never>>;

/** The producers that a product's `children` become. */
export type Children<C> = {
  readonly [K in keyof C]: C[K] extends { readonly schema: infer S extends z.ZodType }
    ? Producer<S, C[K] extends { readonly children: infer N extends ChildProps } ? N : NoChildren>
    : never;
};

/** The examples of `children` held against their types. */
type WithExamples<C> = {
  readonly [K in keyof C]: C[K] extends { readonly schema: infer S extends z.ZodType }
    ? { readonly example?: z.output<S> } & (C[K] extends { readonly children: infer N }
        ? { readonly children: WithExamples<N> }
        : unknown)
    : never;
};

export interface ProducerProps<S extends z.ZodType, C extends ChildProps = NoChildren> {
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
  /**
   * The value may be shown in logs and comments.
   * @default false
   */
  readonly public?: boolean;
  /**
   * Products inside this one, by name: `{ source: { schema: z.string() } }` is the product `<this>/source`.
   * @default none
   */
  readonly children?: C & WithExamples<C>;
}

/** What a product's value is: itself, the ARN of a secret, or the place of an S3 object. */
export type ProductKind = 'value' | 'secret' | 'artifact';

/**
 * A named slot into which a deployed enver publishes a versioned value. Products nest: those in `children`, and those
 * that have this one as their scope, are named `parent/child`.
 *
 * @example readonly menu = new Producer(this, 'menu', { schema: z.array(z.string()), example: ['espresso'] });
 */
export class Producer<
  S extends z.ZodType = z.ZodType,
  C extends ChildProps = NoChildren,
> extends ProducerGroup {
  readonly kind: ProductKind = 'value';
  readonly path: ProductPath;
  readonly schema: S;
  readonly example: z.output<S> | undefined;
  readonly public: boolean;
  readonly children: Children<C>;

  constructor(scope: Enver | ProducerGroup, id: string, props: ProducerProps<S, C>) {
    super(scope, id);
    this.path = productPath(this.enver.id, this.name);
    this.schema = props.schema;
    this.example = props.example;
    this.public = props.public ?? false;
    this.enver.declared.producers.push(this);
    const children = Object.entries<ChildProps[string]>(props.children ?? {});
    this.children = Object.fromEntries(
      children.map(([name, child]) => [name, new Producer(this, name, child as ProducerProps<z.ZodType>)]),
    ) as Children<C>;
  }
}
