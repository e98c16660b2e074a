import { z } from 'zod';
import { canonicalJsonPretty, sha256 } from '../canonical-json.js';
import { OdmdError } from '../errors.js';
import { entryContradictions, manifestContradictions } from './contradictions.js';
import {
  type EnverEntry,
  enverEntrySchema,
  MANIFEST_SCHEMA_VERSION,
  type Manifest,
  manifestSchema,
} from './schema.js';

const WRITE_AGAIN = 'write it again with `odmd synth`';

/** The manifest's bytes: the same contracts give the same bytes (sorted keys, no time stamps). */
export function writeManifest(manifest: Manifest): string {
  return canonicalJsonPretty(manifest);
}

/** Lower-case hex sha256 of the manifest's bytes. */
export function manifestDigest(manifest: Manifest): string {
  return sha256(writeManifest(manifest));
}

/** The bytes of one enver's entry, which `readEntry` reads. */
export function writeEntry(entry: EnverEntry): string {
  return canonicalJsonPretty(entry);
}

/** Digest of one enver's entry: it changes exactly when the contract of that enver does. */
export function entryDigest(entry: EnverEntry): string {
  return sha256(writeEntry(entry));
}

/**
 * Reads a manifest and refuses what it does not understand.
 *
 * @param where names the source in errors, e.g. a file name
 * @throws OdmdError ODMD201 not JSON · ODMD202 another schema version · ODMD203 not of the manifest's shape, or it
 *   contradicts itself: names and paths that are not derived from its ids, consumptions of what it does not have
 */
export function readManifest(text: string, where = 'manifest'): Manifest {
  const json = parseJson(text, where);
  const version = z.object({ schemaVersion: z.json() }).safeParse(json);
  if (version.success && version.data.schemaVersion !== MANIFEST_SCHEMA_VERSION) {
    const found = JSON.stringify(version.data.schemaVersion);
    throw new OdmdError('ODMD202', `schema version ${found} is not one this release reads`, {
      where,
      fix: `it reads version ${MANIFEST_SCHEMA_VERSION}: use the release of @ondemandenv that wrote the manifest`,
    });
  }
  const manifest = check(manifestSchema, json, 'manifest', where);
  refuse(manifestContradictions(manifest), where);
  return manifest;
}

/** Reads one enver's entry; throws ODMD201 and ODMD203 as `readManifest` does. */
export function readEntry(text: string, where = 'entry'): EnverEntry {
  const entry = check(enverEntrySchema, parseJson(text, where), 'enver entry', where);
  refuse(entryContradictions(entry), where);
  return entry;
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new OdmdError('ODMD201', `not JSON: ${cause instanceof Error ? cause.message : cause}`, {
      where,
      fix: `it is truncated or was edited: ${WRITE_AGAIN}`,
      cause,
    });
  }
}

function check<T>(schema: z.ZodType<T>, json: unknown, what: string, where: string): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw new OdmdError('ODMD203', `not a valid ${what}:\n${z.prettifyError(result.error)}`, {
    where,
    fix: WRITE_AGAIN,
    cause: result.error,
  });
}

function refuse(problems: readonly string[], where: string): void {
  if (problems.length === 0) return;
  throw new OdmdError('ODMD203', `it contradicts itself:\n${problems.join('\n')}`, {
    where,
    fix: WRITE_AGAIN,
  });
}
