import type { ConsumptionEntry } from '../manifest/index.js';
import type { Components } from './loops.js';
import type { PlannedEnver } from './plan.js';
import { productName, type Reached, type Wave } from './wave.js';

/**
 * Which envers of a wave deploy without being asked, and which are held for an approval.
 *
 * An enver is held when it has to be asked about a product from outside its loop (a cycle over `deploy` and `approve`
 * edges), or consumes by `deploy` what a held enver outside its loop makes. Inside a loop somebody has to begin: an
 * enver that deploys for its own sake, or for what enters the loop from outside, carries the change on over `deploy`
 * edges; whoever is left over was reached through an approval only.
 */
export function divide(
  loops: Components,
  wave: Wave,
): { free: ReadonlySet<string>; held: ReadonlySet<string> } {
  const free = new Set<string>();
  const held = new Set<string>();
  const byLoop = groups(loops, wave.reached.keys());
  for (const [loop, ids] of byLoop) {
    const inside = (from: string) => loops.numberOf.get(from) === loop;
    const open = ids.flatMap((id) => wave.reached.get(id) ?? []).filter((one) => !isStopped(one));
    const todo = open.filter(begins);
    const downstream = new Map<string, Reached[]>();
    for (const one of open)
      for (const use of one.entry.consumes)
        if (use.onChange === 'deploy' && inside(use.from) && one.inputs.has(use.path)) {
          const known = downstream.get(use.from);
          if (known) known.push(one);
          else downstream.set(use.from, [one]);
        }
    for (let one = todo.pop(); one; one = todo.pop()) {
      if (free.has(one.entry.id)) continue;
      free.add(one.entry.id);
      todo.push(...(downstream.get(one.entry.id) ?? []));
    }
    for (const id of ids) if (!free.has(id)) held.add(id);

    function isStopped({ entry, inputs }: Reached): boolean {
      return entry.consumes.some(({ path, from, onChange }) => {
        if (!inputs.has(path)) return false;
        const fromOutside = wave.rootPaths.has(path) || !inside(from);
        return onChange === 'approve'
          ? fromOutside
          : onChange === 'deploy' && !inside(from) && held.has(from);
      });
    }
    function begins({ entry, own, inputs }: Reached): boolean {
      return (
        own.size > 0 ||
        entry.consumes.some(
          ({ path, from, onChange }) =>
            onChange === 'deploy' && inputs.has(path) && (wave.rootPaths.has(path) || !inside(from)),
        )
      );
    }
  }
  return { free, held };
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
  counts: (use: ConsumptionEntry) => boolean,
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
      for (const use of one.entry.consumes) {
        if (use.from === id || !counts(use)) continue;
        if (before.has(use.from)) waitsFor.add(use.from);
        const other = components.numberOf.get(use.from);
        if (other === undefined || other === number || !ids.has(use.from)) continue;
        waitsFor.add(use.from);
        layer = Math.max(layer, (layerOf.get(other) ?? 0) + 1);
      }
      const cycle = components.members[number] ?? [];
      planned.push({
        id,
        because: [...[...one.own].sort(), ...[...one.inputs].map(productName).sort()],
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
