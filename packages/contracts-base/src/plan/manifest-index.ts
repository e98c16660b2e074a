import type { EnverEntry, Manifest } from '../manifest/index.js';

/** Id of a producing enver → the envers that consume something of it, each once; never itself. */
type ConsumerIndex = ReadonlyMap<string, readonly EnverEntry[]>;

const indexes = new WeakMap<Manifest, ConsumerIndex>();

/**
 * The envers that consume a product of this one. The first question about a manifest goes through all of it, the
 * others do not: do not change a manifest that was asked about.
 */
export function consumersOf(manifest: Manifest, producer: string): readonly EnverEntry[] {
  let index = indexes.get(manifest);
  if (!index) {
    index = makeIndex(manifest);
    indexes.set(manifest, index);
  }
  return index.get(producer) ?? [];
}

function makeIndex({ envers }: Manifest): ConsumerIndex {
  const consumers = new Map<string, EnverEntry[]>();
  for (const enver of Object.values(envers))
    for (const { from } of enver.consumes) {
      if (from === enver.id) continue;
      const known = consumers.get(from);
      if (!known) consumers.set(from, [enver]);
      else if (known[known.length - 1] !== enver) known.push(enver);
    }
  return consumers;
}

/** An enver of a manifest, and nothing that every object has. */
export function enverOf({ envers }: Manifest, id: string): EnverEntry | undefined {
  return Object.hasOwn(envers, id) ? envers[id] : undefined;
}
