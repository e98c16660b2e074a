import { type Components, type Counts, carries, deploys } from './loops.js';
import type { PlannedEnver } from './planned.js';
import { productName, type Reached, type Wave } from './wave.js';

/**
 * Which envers of a wave deploy without being asked, and which deploy after an approval: both, when one does so for
 * another reason first, with the product that it asks about as it was.
 *
 * An enver that asks, or waits for one that does, holds whoever consumes it by `deploy` from outside its loop (a cycle
 * over `deploy` and `approve` edges). Inside a loop somebody has to begin: an enver that deploys for its own sake, or
 * for what enters the loop from outside, carries the change on over `deploy` edges; whoever is left over was reached
 * through an approval only.
 */
export function divide(
  loops: Components,
  wave: Wave,
): { free: ReadonlySet<string>; held: ReadonlySet<string> } {
  const free = new Set<string>();
  const held = new Set<string>();
  for (const [loop, ids] of groups(loops, wave.reached.keys())) {
    const inside = (from: string) => loops.numberOf.get(from) === loop;
    const changed = (one: Reached) =>
      one.entry.consumes.filter((use) => one.inputs.has(use.path) && deploys(use, one));
    const open = ids
      .flatMap((id) => wave.reached.get(id) ?? [])
      .filter((one) => !changed(one).some(({ from }) => !inside(from) && held.has(from)));
    const begins = (one: Reached) =>
      one.own.size > 0 || changed(one).some(({ from, path }) => wave.rootPaths.has(path) || !inside(from));
    const downstream = new Map<string, Reached[]>();
    for (const one of open)
      for (const { from } of changed(one).filter((use) => inside(use.from))) {
        const known = downstream.get(from);
        if (known) known.push(one);
        else downstream.set(from, [one]);
      }
    const todo = open.filter(begins);
    for (let one = todo.pop(); one; one = todo.pop()) {
      if (free.has(one.entry.id)) continue;
      free.add(one.entry.id);
      todo.push(...(downstream.get(one.entry.id) ?? []));
    }
    for (const id of ids) if (!free.has(id) || wave.reached.get(id)?.asks.size) held.add(id);
  }
  return { free, held };
}

/** The edges for which an enver that is held deploys: those that it asks about, when the others did not wait. */
export function heldEdges(free: ReadonlySet<string>): Counts {
  return (use, { entry, asks }) => (free.has(entry.id) ? asks.has(use.path) : true) && carries(use);
}

/**
 * Envers in layers: each after all that it depends on over the edges that count, except for those of its own
 * component, which share its layer.
 *
 * @param before envers that are deployed before all of these
 */
export function layers(
  components: Components,
  wave: Wave,
  ids: ReadonlySet<string>,
  counts: Counts,
  before: ReadonlySet<string> = new Set(),
): PlannedEnver[][] {
  const layerOf = new Map<number, number>();
  const found: PlannedEnver[][] = [];
  for (const [number, members] of groups(components, ids)) {
    let layer = 0;
    const planned: PlannedEnver[] = [];
    for (const id of members) {
      const one = wave.reached.get(id);
      if (!one) continue;
      const waitsFor = new Set<string>();
      const products = new Set<string>();
      for (const use of one.entry.consumes) {
        if (use.from === id || !counts(use, one)) continue;
        if (one.inputs.has(use.path)) products.add(productName(use.path));
        if (before.has(use.from)) waitsFor.add(use.from);
        const other = components.numberOf.get(use.from);
        if (other === undefined || other === number || !ids.has(use.from)) continue;
        waitsFor.add(use.from);
        layer = Math.max(layer, (layerOf.get(other) ?? 0) + 1);
      }
      const cycle = components.members[number] ?? [];
      planned.push({
        id,
        because: [...(before.has(id) ? [] : [...one.own].sort()), ...[...products].sort()],
        waitsFor: [...waitsFor].sort(),
        ...(cycle.length > 1 && { cycle }),
      });
    }
    layerOf.set(number, layer);
    const phase = found[layer];
    if (phase) phase.push(...planned);
    else found[layer] = planned;
  }
  return found.map((phase) => phase.sort((a, b) => (a.id < b.id ? -1 : 1)));
}

/** Ids by the number of their component, dependencies first. */
function groups(components: Components, ids: Iterable<string>): [number, string[]][] {
  const found = new Map<number, string[]>();
  for (const id of ids) {
    const number = components.numberOf.get(id) ?? 0;
    const group = found.get(number);
    if (group) group.push(id);
    else found.set(number, [id]);
  }
  return [...found].sort(([a], [b]) => a - b);
}
