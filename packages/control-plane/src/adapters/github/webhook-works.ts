import { fullRef, parseFullRef } from '@ondemandenv/contracts-base';
import { z } from 'zod';
import type { Work } from '../../ports/work-queue.js';
import { isOwnBranch } from './own-branches.js';
import { namedRun } from './run-name.js';
import { malformed } from './webhook-signature.js';

const common = z.object({ installation: z.object({ id: z.int() }).optional() });
const repository = z.object({ id: z.int(), full_name: z.string() });

/** What is read of each event, and the work that it hints at. Events without an entry are of no interest. */
const readers: Readonly<Record<string, (payload: unknown) => Work[]>> = {
  push: reader(z.object({ ref: z.string(), repository }), ({ ref, repository: { full_name } }) =>
    refWork(full_name, ref),
  ),
  create: reader(refEvent(), refEventWork),
  delete: reader(refEvent(), refEventWork),
  pull_request: reader(
    z.object({
      action: z.string(),
      repository,
      pull_request: z.object({
        head: z.object({ ref: z.string(), repo: z.object({ id: z.int() }).nullable() }),
      }),
    }),
    ({ action, repository: { id, full_name }, pull_request: { head } }) =>
      // Of what a fork calls its branches, the branches of this repository know nothing. New commits come as pushes.
      head.repo?.id === id && ['opened', 'reopened', 'closed'].includes(action)
        ? pullRequestWork(full_name, fullRef({ kind: 'branch', ref: head.ref }), action !== 'closed')
        : [],
  ),
  workflow_run: reader(
    z.object({
      action: z.string(),
      workflow_run: z.object({ path: z.string(), display_title: z.string() }),
    }),
    ({ action, workflow_run }) => {
      const run = action === 'completed' ? namedRun(workflow_run) : undefined;
      return run ? [{ kind: 'enver', id: run.enver }] : [];
    },
  ),
  installation: everything,
  installation_repositories: everything,
  repository: reader(z.object({ action: z.string() }), ({ action }) =>
    ['renamed', 'transferred', 'deleted'].includes(action) ? everything() : [],
  ),
};

/** The events that are read; GitHub sends every App those that are named `installation…`, and others by choice. */
export const KNOWN_EVENTS: readonly string[] = Object.keys(readers);

/**
 * What a webhook hints at: where to look, never what to do.
 *
 * @param installations ids of the installations that the platform serves: anybody who installs the App makes GitHub
 *   sign webhooks about repositories of theirs
 * @throws OdmdError ODMD438 when the payload is not what GitHub sends with this event
 */
export function worksOf(event: string, payload: unknown, installations: readonly number[]): Work[] {
  const read = Object.hasOwn(readers, event) ? readers[event] : undefined;
  if (!read) return [];
  const { installation } = checked(common, payload);
  return installation && installations.includes(installation.id) ? read(payload) : [];
}

function reader<T>(schema: z.ZodType<T>, works: (payload: T) => Work[]): (payload: unknown) => Work[] {
  return (payload) => works(checked(schema, payload));
}

function checked<T>(schema: z.ZodType<T>, payload: unknown): T {
  const { data, error } = schema.safeParse(payload);
  if (error) throw malformed(z.prettifyError(error), error);
  return data as T;
}

function refEvent() {
  return z.object({ ref: z.string(), ref_type: z.enum(['branch', 'tag']), repository });
}

function refEventWork({
  ref,
  ref_type,
  repository: { full_name },
}: z.infer<ReturnType<typeof refEvent>>): Work[] {
  return refWork(full_name, fullRef({ kind: ref_type, ref }));
}

function refWork(repo: string, ref: string): Work[] {
  return parseFullRef(ref) && !isOwnBranch(ref) ? [{ kind: 'ref', repo, ref }] : [];
}

/** A pull request that is open now is where people look for the state of the clones of its branch. */
function pullRequestWork(repo: string, ref: string, open: boolean): Work[] {
  return refWork(repo, ref).flatMap((work) =>
    open ? [work, { kind: 'report' as const, repo, ref, again: true as const }] : [work],
  );
}

/** Which repositories there are has changed: the contracts are looked at anew. */
function everything(): Work[] {
  return [{ kind: 'sync' }];
}
