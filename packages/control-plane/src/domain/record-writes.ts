import {
  canonicalJson,
  type EnverEntry,
  entryDigest,
  fullRef,
  type InputVector,
  repoName as nameOf,
  refKey,
} from '@ondemandenv/contracts-base';
import type { RecordStore, RecordWrite } from '../ports/index.js';
import type { CloneOrigin, EnverRecord, LiveRun, Phase } from './records.js';

const KEPT_HISTORY = 50;

/** A record for an enver that the platform hears of for the first time. */
export function newRecord(
  entry: EnverEntry,
  origin: { incarnation: string; contracts: string; reason: string; now: number; clone?: CloneOrigin },
): EnverRecord {
  return {
    kind: 'enver',
    id: entry.id,
    version: 0,
    build: entry.build,
    repo: repoName(entry),
    revision: entry.revision,
    ...(origin.clone && { clone: origin.clone }),
    // What it comes from alone is the same for one that is made again of the same commit, or after a loss.
    incarnation: `${origin.incarnation} ${origin.now}`,
    phase: 'idle',
    reason: origin.reason,
    entryDigest: entryDigest(entry),
    contracts: origin.contracts,
    consumes: consumedPaths(entry, {}),
    waitsFor: [],
    untraced: true,
    pending: [],
    runs: 0,
    nextAt: origin.now,
    history: [{ at: origin.now, text: origin.reason }],
  };
}

/** A tag is built once: whatever happens later, what was deployed first stays. */
export function isBuilt(record: EnverRecord): boolean {
  return record.revision.kind === 'tag' && record.deployed !== undefined;
}

/** `owner/name`. */
export function repoName(entry: Pick<EnverEntry, 'repo'>): string {
  return nameOf(entry.repo);
}

/** The id of the record of the ref that an enver's source comes from. */
export function refId(enver: Pick<EnverRecord, 'repo' | 'revision'>): string {
  return refKey(enver.repo, fullRef(enver.revision));
}

/** What it consumes by contract, was last deployed or is being deployed with: all have a say in when a producer may go. */
export function consumedPaths(
  entry: EnverEntry,
  { deployed, run }: Pick<EnverRecord, 'deployed' | 'run'>,
): string[] {
  const made = [deployed, run].flatMap((one) => Object.keys(one?.vector.inputs ?? {}));
  return [...new Set([...entry.consumes.map((use) => use.path), ...made])].sort();
}

/** The record in a phase, with the reason noted in its history when either is new. */
export function inPhase(record: EnverRecord, phase: Phase, reason: string, now: number): EnverRecord {
  if (record.phase === phase && record.reason === reason) return record;
  return { ...record, phase, reason, history: noted(record, `${phase}: ${reason}`, now) };
}

/** `at 1a2b3c4`: what a deployed enver was built from. */
export function deployedReason(vector: InputVector): string {
  return `at ${vector.source.sha.slice(0, 7)}`;
}

export function noted(record: EnverRecord, text: string, now: number): EnverRecord['history'] {
  return [...record.history, { at: now, text }].slice(-KEPT_HISTORY);
}

/** The record without some of its optional properties. */
export function without<K extends keyof EnverRecord>(record: EnverRecord, ...keys: K[]): EnverRecord {
  const copy: Partial<EnverRecord> = { ...record };
  for (const key of keys) delete copy[key];
  return copy as EnverRecord;
}

/** Whatever became of its last deployment, there may be something to tear down. */
export function withMade(record: EnverRecord, run: LiveRun): EnverRecord {
  const { dispatchId, vector, place, roots, startedAt: at } = run;
  return { ...record, deployed: { dispatchId, vector, place, roots, at } };
}

/** A conditional write of a record that was read at its version. */
export function update(record: EnverRecord): RecordWrite {
  return { put: { ...record, version: record.version + 1 }, expect: record.version };
}

/** Writes the record if it differs from what was read. @throws ConflictError */
export async function save(
  records: RecordStore,
  read: EnverRecord,
  changed: EnverRecord,
): Promise<EnverRecord> {
  if (canonicalJson(read) === canonicalJson(changed)) return read;
  await records.transact([update(changed)]);
  return { ...changed, version: changed.version + 1 };
}
