import type { ConsumptionEntry, EnverEntry, Manifest } from '../manifest/index.js';
import { producerOf } from '../naming/index.js';
import { carries } from './loops.js';
import { consumersOf, enverOf } from './manifest-index.js';
import type { PlannedChange } from './planned.js';

/** One enver that a change reaches. */
export interface Reached {
  readonly entry: EnverEntry;
  /** Why it is deployed whatever its inputs do. */
  readonly own: Set<string>;
  /** Changed products that it redeploys for, asked or not. */
  readonly inputs: Set<string>;
  /** Those of them that somebody has to approve. */
  readonly asks: Set<string>;
}

/** How far a change gets when everything publishes new values and every approval is given. */
export interface Wave {
  readonly reached: ReadonlyMap<string, Reached>;
  /** Products that change by themselves, not by a deployment of this wave. */
  readonly rootPaths: ReadonlySet<string>;
  /** Uses of changed products that no deployment follows from; each enver and product once, an alarm first. */
  readonly signals: readonly { readonly enver: string; readonly use: ConsumptionEntry }[];
}

export function waveOf(manifest: Manifest, { products = [], sources = [], roots = [] }: PlannedChange): Wave {
  const rootPaths = new Set(products);
  const fresh = new Map(roots.map(({ id, fresh = [] }) => [id, new Set(fresh)]));
  const reached = new Map<string, Reached>();
  const quiet = new Map<string, { enver: string; use: ConsumptionEntry }>();
  const todo: string[] = [];
  const reach = (entry: EnverEntry): Reached => {
    const known = reached.get(entry.id);
    if (known) return known;
    const made = { entry, own: new Set<string>(), inputs: new Set<string>(), asks: new Set<string>() };
    reached.set(entry.id, made);
    todo.push(entry.id);
    return made;
  };
  const carry = (producer: string, changed: (path: string) => boolean) => {
    for (const enver of consumersOf(manifest, producer))
      for (const use of enver.consumes) {
        if (use.from !== producer || !changed(use.path)) continue;
        if (carries(use)) {
          const found = reach(enver);
          found.inputs.add(use.path);
          if (use.onChange === 'approve' && !fresh.get(enver.id)?.has(use.path)) found.asks.add(use.path);
        } else {
          const key = `${enver.id} ${use.path}`;
          if (quiet.get(key)?.use.onChange !== 'alarm') quiet.set(key, { enver: enver.id, use });
        }
      }
  };
  const start = (id: string, because: string) => {
    const entry = enverOf(manifest, id);
    if (entry) reach(entry).own.add(because);
  };
  for (const id of sources) start(id, 'its source');
  for (const { id, because } of roots) start(id, because);
  for (const producer of new Set(products.map(producerOf))) carry(producer, (path) => rootPaths.has(path));
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) carry(id, () => true);
  const signals = [...quiet.values()].filter(({ enver, use }) => !reached.get(enver)?.inputs.has(use.path));
  return { reached, rootPaths, signals };
}

/** `/odmd-share/foundation/b..main/menu` → `foundation/b..main/menu`. */
export function productName(path: string): string {
  return path.replace(/^\/odmd-share\//, '');
}
