import { ask, find } from './ask.js';
import type { Repo } from './repos.js';
import { zipEntry } from './zip-entry.js';

/** Under this name the CI of the contracts keeps the manifest of a pull request, as an artifact of its run. */
const ARTIFACT = 'odmd-manifest';
const FILE = 'manifest.json';
const MAX_ARCHIVE_BYTES = 8 * 1024 * 1024;
const MAX_MANIFEST_BYTES = 32 * 1024 * 1024;

/** A manifest that a run of CI made of a commit. Anybody who can push that commit can make it say anything. */
export interface ProposedManifest {
  /** Of the artifact. */
  readonly id: number;
  readonly bytes: number;
}

/** The newest hundred that are kept, by the commits that they were made of. One request. */
export async function proposedManifests({
  client,
  at,
  name,
}: Repo): Promise<ReadonlyMap<string, ProposedManifest>> {
  const query = { ...at, name: ARTIFACT, per_page: 100 };
  const { data } = await ask(name, () => client.actions.listArtifactsForRepo(query));
  const bySha = new Map<string, ProposedManifest>();
  for (const { id, name: called, size_in_bytes: bytes, expired, workflow_run } of data.artifacts) {
    const sha = workflow_run?.head_sha;
    if (called !== ARTIFACT || expired || !sha) continue;
    if ((bySha.get(sha)?.id ?? 0) < id) bySha.set(sha, { id, bytes });
  }
  return bySha;
}

/** The archive that it is kept in; `undefined` when it is too large or gone. Two requests. */
export async function proposedArchive(
  { client, at, name }: Repo,
  { id, bytes }: ProposedManifest,
): Promise<Uint8Array | undefined> {
  if (bytes > MAX_ARCHIVE_BYTES) return undefined;
  const download = { ...at, artifact_id: id, archive_format: 'zip' };
  const answer = await find(name, () => client.actions.downloadArtifact(download), [404, 410]);
  return answer?.data instanceof ArrayBuffer ? new Uint8Array(answer.data) : undefined;
}

/** @throws Error that says, for a person, why there is no text */
export function textIn(archive: Uint8Array | undefined): string {
  if (!archive)
    throw new Error(`the artifact is gone, no archive, or has more than ${MAX_ARCHIVE_BYTES} bytes`);
  const content = zipEntry(archive, FILE, MAX_MANIFEST_BYTES);
  if (!content) throw new Error(`the artifact does not have ${FILE} at its top`);
  return content.toString('utf8');
}
