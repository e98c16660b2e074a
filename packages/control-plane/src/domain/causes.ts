import {
  type ConsumptionEntry,
  type EnverEntry,
  type InputVector,
  parseInputVersion,
} from '@ondemandenv/contracts-base';
import type { EnverRecord, RootId } from './records.js';

/** One difference between what is wanted and what is deployed that asks for a deployment. */
export interface Change {
  readonly kind: 'first' | 'source' | 'input' | 'lost' | 'consumed' | 'dropped' | 'moved';
  /** For a person: `foundation/b..main/menu 3 → 4`. */
  readonly reason: string;
  /** The product path: of an input that changed, was lost, is newly consumed, or is consumed no more. */
  readonly path?: string;
}

/**
 * Why an enver with vector `from` has to be deployed to reach vector `to`: its source differs, or an input that it
 * consumes with the reaction `deploy` (or `approve`, and it was granted), or an input came or went with the contracts. An empty list: no need.
 */
export function changes(entry: EnverEntry, from: InputVector | undefined, to: InputVector): Change[] {
  if (!from) return [{ kind: 'first', reason: 'first deployment' }];
  const found: Change[] = [];
  if (from.source.tree !== to.source.tree)
    found.push({ kind: 'source', reason: `its source ${short(from.source.sha)} → ${short(to.source.sha)}` });
  const consumed = new Set(entry.consumes.map((use) => use.path));
  const deploying = new Set(entry.consumes.filter(isDeploying).map((use) => use.path));
  const paths = new Set([...Object.keys(from.inputs), ...Object.keys(to.inputs)]);
  for (const path of [...paths].sort()) {
    const before = from.inputs[path];
    const after = to.inputs[path];
    if (before === after) continue;
    const kind = kindOf(before, after, consumed.has(path));
    if ((kind === 'input' || (kind === 'lost' && after !== undefined)) && !deploying.has(path)) continue;
    found.push({ kind, path, reason: `${productName(path)} ${versionOf(before)} → ${versionOf(after)}` });
  }
  return found;
}

/** A value that somebody removed by hand is no change of the contract, and none that its producer has made. */
function kindOf(before: string | undefined, after: string | undefined, consumed: boolean): Change['kind'] {
  if (before === undefined) return 'consumed';
  if (!consumed) return 'dropped';
  return isValue(before) && !isValue(after) ? 'lost' : 'input';
}

function isValue(input: string | undefined): boolean {
  return input !== undefined && parseInputVersion(input).version !== 'placeholder';
}

/** Whether a change of the product leads to a deployment: at once, or when it was granted. */
function isDeploying({ onChange }: ConsumptionEntry): boolean {
  return onChange === 'deploy' || onChange === 'approve';
}

/** `<account id>/<region>` where an enver belongs. */
export function placeOf({ account, region }: EnverEntry): string {
  return `${account.id}/${region}`;
}

/** Its contract has moved it since it was deployed. */
export function moves(entry: EnverEntry, deployed: EnverRecord['deployed']): Change[] {
  const place = placeOf(entry);
  if (!deployed || deployed.place === place) return [];
  return [{ kind: 'moved', reason: `moved from ${deployed.place} to ${place}` }];
}

/** Pending roots with others added: each root once, the oldest first. */
export function withRoots<P extends { readonly root: RootId }>(
  pending: readonly P[],
  more: readonly P[],
): P[] {
  const known = new Set(pending.map(({ root }) => root));
  return [...pending, ...more.filter(({ root }) => !known.has(root) && known.add(root))];
}

/** `/odmd-share/foundation/b..main/menu` → `foundation/b..main/menu`. */
export function productName(path: string): string {
  return path.replace(/^\/odmd-share\//, '');
}

export function short(sha: string): string {
  return sha.slice(0, 7);
}

function versionOf(input: string | undefined): string {
  return input === undefined ? '(none)' : (input.split('#')[0] ?? input);
}
