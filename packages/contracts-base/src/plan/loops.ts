import { components } from '../graph/index.js';
import type { ConsumptionEntry } from '../manifest/index.js';
import type { Reached, Wave } from './wave.js';

/** Strongly connected components of the envers that a change reaches. */
export interface Components {
  /** Enver id → number of its component; dependencies have the lower numbers. */
  readonly numberOf: ReadonlyMap<string, number>;
  /** Number → ids, in alphabetical order. */
  readonly members: readonly (readonly string[])[];
}

/**
 * The components over some of the edges. Whoever shares a cycle with a reached enver is reached too, so that these
 * are the components of the whole manifest, as far as the change goes.
 */
export function componentsOf({ reached }: Wave, counts: Counts): Components {
  const graph = new Map<string, string[]>();
  for (const [id, one] of reached) {
    const edges: string[] = [];
    for (const use of one.entry.consumes) if (counts(use, one) && use.from !== id) edges.push(use.from);
    graph.set(id, edges);
  }
  const members = components(graph);
  const numberOf = new Map<string, number>();
  members.forEach((ids, number) => {
    for (const id of ids) numberOf.set(id, number);
  });
  return { numberOf, members };
}

/** Whether an edge of a reached enver is one of those that are looked at. */
export type Counts = (use: ConsumptionEntry, one: Reached) => boolean;

/** Edges that carry a change on without a question. */
export function deploys({ onChange, path }: ConsumptionEntry, { inputs, asks }: Reached): boolean {
  return onChange === 'deploy' || (onChange === 'approve' && inputs.has(path) && !asks.has(path));
}

/** Edges that carry a change on, asked or not. */
export function carries({ onChange }: ConsumptionEntry): boolean {
  return onChange === 'deploy' || onChange === 'approve';
}
