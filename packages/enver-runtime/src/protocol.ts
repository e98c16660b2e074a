import { z } from 'zod';
import type { ValueName } from './platform.js';

/** The HTTP protocol between a job and the platform, below the platform's address. Both sides parse with these. */
export const RUNTIME_PATHS = {
  /** GET → the enver's entry */
  entry: '/runtime/entry',
  /** POST → `readAnswerSchema` */
  read: '/runtime/config/read',
  /** PUT → `writeAnswerSchema` */
  write: '/runtime/config',
  /** POST → `{}` */
  events: '/runtime/events',
  /** PUT → `{}` */
  manifests: '/runtime/manifests',
} as const;

/** The config store reads at most this many names at once. */
export const READ_BATCH = 10;

/** UTF-8 bytes of the canonical JSON; SSM's advanced parameters take no more. */
export const MAX_VALUE_BYTES = 8192;

/** `path` for the newest value, `path:3` for that version. */
export function formatValueName({ path, version }: ValueName): string {
  return version === undefined ? path : `${path}:${version}`;
}

/** What `formatValueName` wrote. */
export function parseValueName(name: string): ValueName {
  const [path = '', version] = name.split(':');
  return version === undefined ? { path } : { path, version: Number(version) };
}

/** No product path has a colon in it. */
const valueName = z.string().regex(/^\/[^:]+(:[1-9]\d*)?$/);

export const readRequestSchema = z.strictObject({ names: z.array(valueName).max(READ_BATCH) });
export const readAnswerSchema = z.object({
  values: z.array(z.object({ path: z.string(), version: z.int().min(1), value: z.string() })),
});

export const writeRequestSchema = z.strictObject({ path: z.string().startsWith('/'), value: z.string() });
export const writeAnswerSchema = z.object({ version: z.int().min(1), changed: z.boolean() });

/** EventBridge takes at most ten at once. */
export const eventsRequestSchema = z.strictObject({
  events: z.array(z.strictObject({ type: z.string(), detail: z.record(z.string(), z.json()) })).max(10),
});
export const manifestRequestSchema = z.strictObject({
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  manifest: z.string(),
});
export const emptyAnswerSchema = z.object({});

/** The body of every answer that is not a success. */
export const errorAnswerSchema = z.object({
  code: z.string(),
  message: z.string(),
  where: z.string().optional(),
  fix: z.string().optional(),
});
