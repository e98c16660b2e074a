import {
  canonicalJson,
  fullRef,
  parseFullRef,
  productPath,
  type RevisionRef,
  refKey,
  sha256,
} from '@ondemandenv/contracts-base';
import type { EnverReport, RefReport, Work } from '../ports/index.js';
import type { Context } from './context.js';
import { expiresAt } from './lifetime.js';
import type { EnverRecord, ReportRecord } from './records.js';
import { enversOf } from './refs.js';
import { recordsOf, retryOnConflict } from './wake.js';

/** The line of a commit message that removes every clone of its branch or tag. */
const REMOVAL = 'odmd: delete';

type ReportWork = Extract<Work, { kind: 'report' }>;

/**
 * Tells whoever works on a branch or tag how its clones are now, whatever has happened to them. What was said before is
 * not said again, unless that is asked for; and that nothing is left is said once.
 */
export async function report(context: Context, work: ReportWork): Promise<void> {
  const revision = parseFullRef(work.ref);
  if (!revision) return;
  let again = work.again === true;
  await retryOnConflict(async () => {
    const repeat = again;
    // Whoever was faster may have been overwritten by what is said here: the next attempt says it in any case.
    again = true;
    await reportOnce(context, work.repo, revision, repeat);
  });
}

async function reportOnce(
  context: Context,
  repo: string,
  revision: RevisionRef,
  repeat: boolean,
): Promise<void> {
  const { records, notifier } = context.ports;
  const ref = fullRef(revision);
  const id = refKey(repo, ref);
  const known = await records.get('report', id);
  const said = await reportOf(context, id);
  if (!known && said.envers.length === 0) return;
  const digest = sha256(canonicalJson(said));
  if (known?.digest === digest && !repeat) return;
  const before = known?.version ?? 0;
  // Whoever dies after saying it must not find what was said before that as the last.
  const saying: ReportRecord = { kind: 'report', id, version: before + 1, repo, ref };
  await records.transact([{ put: saying, expect: before }]);
  await notifier.report({ repo, revision }, said);
  const put: ReportRecord = { ...saying, version: saying.version + 1, digest };
  const expect = saying.version;
  await records.transact([said.envers.length > 0 ? { put, expect } : { remove: saying, expect }]);
}

async function reportOf(context: Context, id: string): Promise<RefReport> {
  const ref = await context.ports.records.get('ref', id);
  const envers = await recordsOf(context, await enversOf(context, id, ref));
  const clones = envers.filter(({ clone }) => clone !== undefined).sort((a, b) => (a.id < b.id ? -1 : 1));
  return { envers: await Promise.all(clones.map((clone) => cloneReport(context, clone))), removal: REMOVAL };
}

async function cloneReport({ ports, contracts }: Context, record: EnverRecord): Promise<EnverReport> {
  const { id, build, phase, reason } = record;
  const declared = (contracts.entry(record)?.products ?? []).filter((product) => product.public);
  const paths = declared.map(({ name }) => productPath(id, name));
  const values = paths.length > 0 ? await ports.config.getMany(paths) : new Map();
  const products = declared.flatMap(({ name }) => {
    const stored = values.get(productPath(id, name));
    return stored ? [{ name, value: stored.value }] : [];
  });
  const expires = record.deleting === undefined ? expiresAt(record) : undefined;
  return { id, build, phase, reason, ...(expires !== undefined && { expiresAt: expires }), products };
}
