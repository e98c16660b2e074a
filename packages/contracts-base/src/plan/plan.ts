import { OdmdError } from '../errors.js';
import { reachable } from '../graph/index.js';
import type { AccountRole, Manifest } from '../manifest/index.js';
import { producerOf } from '../naming/index.js';
import { type Counts, carries, componentsOf, deploys } from './loops.js';
import { enverOf } from './manifest-index.js';
import { divide, heldEdges, layers } from './phases.js';
import type { Plan, PlannedApproval, PlannedChange, PlannedSignal } from './planned.js';
import { productName, type Wave, waveOf } from './wave.js';

/**
 * The deployments that a change causes, in the order in which the platform makes them: an enver waits for every
 * enver upstream of it over `deploy` edges that deploys for the same change, unless they share a cycle, whose members
 * go together.
 *
 * An `approve` edge ends the wave: the enver is `held`, and so is whoever is behind it over `deploy` edges. When it
 * deploys for another reason too, it does that first, with the product as it was, and is in the plan twice.
 *
 * Pure, and the same whatever the order of the manifest's entries. The first call for a manifest notes who consumes what.
 *
 * @throws OdmdError ODMD210 the change names an enver or product that the manifest does not have
 */
export function planChange(manifest: Manifest, change: PlannedChange): Plan {
  checkKnown(manifest, change);
  const wave = waveOf(manifest, change);
  const cycles = componentsOf(wave, deploys);
  const asked = [...wave.reached.values()].some(({ asks }) => asks.size > 0);
  const loops = asked ? componentsOf(wave, carries) : cycles;
  const { free, held } = divide(loops, wave);
  return {
    phases: layers(cycles, wave, free, deploys),
    held: layers(loops, wave, held, heldEdges(free), free),
    approvals: approvals(wave, held, heldEdges(free)),
    alarms: signals(wave, free, 'alarm'),
    ignored: signals(wave, free, 'ignore'),
  };
}

function checkKnown(manifest: Manifest, { products = [], sources = [], roots = [] }: PlannedChange): void {
  const isProduct = (path: string) =>
    enverOf(manifest, producerOf(path))?.products.some((product) => product.path === path) ?? false;
  const envers = [...sources, ...roots.map(({ id }) => id)].filter((id) => !enverOf(manifest, id));
  const unknown = [
    ...envers.map((id) => `enver ${id}`),
    ...products.filter((path) => !isProduct(path)).map((path) => `product ${path}`),
  ];
  if (unknown.length === 0) return;
  throw new OdmdError('ODMD210', `these contracts do not have ${unknown.join(', ')}`, {
    fix: 'name an enver as <build>/<b..branch or t..tag> and a product by its path /odmd-share/<enver>/<product>',
  });
}

function approvals(wave: Wave, held: ReadonlySet<string>, counts: Counts): PlannedApproval[] {
  const behind = new Map<string, Set<string>>();
  for (const id of held) {
    const one = wave.reached.get(id);
    for (const use of one?.entry.consumes ?? [])
      if (one && held.has(use.from) && use.from !== id && counts(use, one))
        behind.set(use.from, (behind.get(use.from) ?? new Set()).add(id));
  }
  return [...wave.reached.values()]
    .filter(({ asks }) => asks.size > 0)
    .map(({ entry, asks }) => {
      const roles = entry.consumes
        .filter(({ path, onChange }) => onChange === 'approve' && asks.has(path))
        .flatMap(({ approvers }) => approvers ?? []);
      return {
        enver: entry.id,
        products: [...asks].map(productName).sort(),
        approvers: uniqueRoles(roles),
        behind: reachedFrom(behind, entry.id),
      };
    })
    .sort((a, b) => (a.enver < b.enver ? -1 : 1));
}

function reachedFrom(behind: ReadonlyMap<string, ReadonlySet<string>>, start: string): string[] {
  const reached = reachable(behind, start);
  reached.delete(start);
  return [...reached].sort();
}

function uniqueRoles(roles: readonly AccountRole[]): AccountRole[] {
  const byName = new Map(roles.map((role) => [`${role.account} ${role.role}`, role]));
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, role]) => role);
}

function signals(wave: Wave, free: ReadonlySet<string>, reaction: 'alarm' | 'ignore'): PlannedSignal[] {
  return wave.signals
    .filter(({ use }) => use.onChange === reaction)
    .map(({ enver, use }) => ({
      enver,
      product: productName(use.path),
      ...(!free.has(use.from) && !wave.rootPaths.has(use.path) && { held: true as const }),
    }))
    .sort((a, b) => (a.enver === b.enver ? order(a.product, b.product) : order(a.enver, b.enver)));
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
