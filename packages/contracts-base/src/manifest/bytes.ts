import { z } from 'zod';
import { canonicalJsonPretty, sha256 } from '../canonical-json.js';
import { OdmdError } from '../errors.js';
import {
  type EnverEntry,
  enverEntrySchema,
  MANIFEST_SCHEMA_VERSION,
  type Manifest,
  manifestSchema,
} from './schema.js';

/** The manifest's bytes: the same contracts give the same bytes (sorted keys, no time stamps). */
export function writeManifest(manifest: Manifest): string {
  return canonicalJsonPretty(manifest);
}

/** Lower-case hex sha256 of the manifest's bytes. */
export function manifestDigest(manifest: Manifest): string {
  return sha256(writeManifest(manifest));
}

/** Digest of one enver's entry: it changes exactly when the contract of that enver does. */
export function entryDigest(entry: EnverEntry): string {
  return sha256(canonicalJsonPretty(entry));
}

/**
 * Reads a manifest and refuses what it does not understand.
 *
 * @param where names the source in errors, e.g. a file name
 * @throws OdmdError ODMD201 not JSON · ODMD202 another schema version · ODMD203 not of the manifest's shape
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
  return check(manifestSchema, json, where);
}

/** Reads one enver's entry; throws as `readManifest` does. */
export function readEntry(text: string, where = 'entry'): EnverEntry {
  return check(enverEntrySchema, parseJson(text, where), where);
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new OdmdError('ODMD201', `not JSON: ${cause instanceof Error ? cause.message : cause}`, {
      where,
      fix: 'the file is truncated or was edited: write it again with `odmd synth`',
      cause,
    });
  }
}

function check<T>(schema: z.ZodType<T>, json: unknown, where: string): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw new OdmdError('ODMD203', `not a valid manifest:\n${z.prettifyError(result.error)}`, {
    where,
    fix: 'write it again with `odmd synth`',
    cause: result.error,
  });
}
