import { canonicalJson, type EnverEntry, type InputVector } from '@ondemandenv/contracts-base';
import type { EnverRecord, LiveRun } from '@ondemandenv/control-plane';
import { Broken } from './broken.js';
import { checkFront } from './front-checks.js';
import { CONTRACTS } from './places.js';
import type { Stage } from './stage.js';

/** A gate that was closed for so long opens, and says so. */
const GATE_MS = 60 * 60_000;

/** What must hold when a deployment is recorded. */
export function checkRun(stage: Stage, before: EnverRecord, record: EnverRecord, run: LiveRun): void {
  const entry = stage.contracts.entry(record);
  if (!entry) {
    if (record.id === CONTRACTS) return;
    throw new Broken(`${record.id} is deployed, and the contracts in force do not have it`);
  }
  if (before.run) throw new Broken(`${record.id} gets a run while it has one`);
  checkNeed(before, entry, run);
  checkApproved(stage, before, entry, run);
  if (run.forced !== undefined) return;
  checkPublished(stage, before, entry, run);
  checkGate(stage, before, run);
  checkFront(stage, before, entry, run);
}

/** Nothing is deployed again as it is, nor as it failed, nor with what its contract does not name. */
function checkNeed({ id, deployed, failed }: EnverRecord, entry: EnverEntry, run: LiveRun): void {
  const inputs = new Set(entry.consumes.map(({ path }) => path));
  const foreign = Object.keys(run.vector.inputs).find((path) => !inputs.has(path));
  if (foreign !== undefined) throw new Broken(`${id} is deployed with ${foreign}, and does not consume it`);
  if (run.forced !== undefined) return;
  if (failed && isSame(failed.vector, run.vector)) throw new Broken(`${id} is tried again as it failed`);
  if (!deployed) return;
  if (entry.revision.kind === 'tag' && run.vector.source.sha !== deployed.vector.source.sha)
    throw new Broken(`${id} is built from a tag, and deployed from another commit than before`);
  if (isSame(deployed.vector, run.vector))
    throw new Broken(`${id} is deployed with what it is deployed with already`);
}

function isSame(one: InputVector, other: InputVector): boolean {
  return canonicalJson([one.source.tree, one.inputs]) === canonicalJson([other.source.tree, other.inputs]);
}

/** Nobody behind a gate deploys with what a job has published that has not ended: it may not be all. */
function checkPublished(
  { mirror, ledger, contracts }: Stage,
  before: EnverRecord,
  entry: EnverEntry,
  run: LiveRun,
): void {
  const upstream = new Set(contracts.upstream(before));
  for (const { path, from, onChange } of entry.consumes) {
    const version = run.vector.inputs[path];
    const dispatch = ledger.publishedBy.get(`${path} ${version}`);
    const isNew = version !== before.deployed?.vector.inputs[path];
    if (dispatch === undefined || !isNew || onChange !== 'deploy' || !upstream.has(from)) continue;
    if (mirror.enver(from)?.run?.dispatchId === dispatch)
      throw new Broken(`${before.id} is deployed with ${path} ${version}, which a running job has published`);
  }
}

/** An input that needs an approval changes only with one for exactly that version. */
function checkApproved(
  { ledger }: Stage,
  { id, deployed }: EnverRecord,
  entry: EnverEntry,
  run: LiveRun,
): void {
  for (const { path, onChange } of entry.consumes) {
    const [before, after] = [deployed?.vector.inputs[path], run.vector.inputs[path]];
    if (onChange !== 'approve' || before === undefined || after === undefined || before === after) continue;
    if (!ledger.granted.has(`${id} ${path} ${after}`))
      throw new Broken(`${id} is deployed with ${path} ${after}, which nobody has approved`);
  }
}

/** Nothing upstream may be pending or running for a change that is deployed, nor stand still for all of them. */
function checkGate({ mirror, contracts, clock }: Stage, before: EnverRecord, run: LiveRun): void {
  if (before.conditions?.some(({ type }) => type === 'GateOpened')) {
    const since = Math.min(...before.pending.map(({ at }) => at), clock.now());
    if (clock.now() - since >= GATE_MS) return;
    throw new Broken(`${before.id} is deployed by a gate that opened too soon`);
  }
  const roots = new Set(run.roots);
  const stuck = new Set<string>();
  for (const id of contracts.upstream(before)) {
    const upstream = mirror.enver(id);
    if (!upstream || upstream.phase === 'retired') continue;
    const pending = upstream.pending.map(({ root }) => root);
    const open = [...(upstream.run?.roots ?? []), ...(upstream.phase === 'blocked' ? [] : pending)];
    // Who did not wait for what failed need not wait for what somebody has just begun to try again.
    const shared = open.find((root) => roots.has(root) && !mirror.hasFailed(id, root));
    if (shared !== undefined)
      throw new Broken(`${before.id} is deployed for ${shared} while ${id} upstream is not done with it`);
    const asked = Object.entries(upstream.approvals ?? {}).filter(
      ([path, { state }]) => state === 'requested' && !mirror.isJustAsked(id, path),
    );
    const stopped = [...(upstream.failed?.roots ?? []), ...asked.flatMap(([, approval]) => approval.roots)];
    for (const root of [...(upstream.phase === 'blocked' ? pending : []), ...stopped]) stuck.add(root);
  }
  if (run.roots.length > 0 && run.roots.every((root) => stuck.has(root)))
    throw new Broken(`${before.id} is deployed for ${run.roots} although everything upstream of it is stuck`);
}
