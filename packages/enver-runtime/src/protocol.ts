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

/** `path` for the newest value, `path:3` for that version. */
export function formatValueName({ path, version }: ValueName): string {
  return version === undefined ? path : `${path}:${version}`;
}

export const readRequestSchema = z.object({ names: z.array(z.string()).min(1).max(READ_BATCH) });
export const readAnswerSchema = z.object({
  values: z.array(z.object({ path: z.string(), version: z.int().min(1), value: z.string() })),
});

export const writeRequestSchema = z.object({ path: z.string(), value: z.string() });
export const writeAnswerSchema = z.object({ version: z.int().min(1), changed: z.boolean() });

export const eventsRequestSchema = z.object({
  events: z.array(z.object({ type: z.string(), detail: z.record(z.string(), z.json()) })),
});
export const manifestRequestSchema = z.object({ sha: z.string(), manifest: z.string() });
export const emptyAnswerSchema = z.object({});

/** The body of every answer that is not a success. */
export const errorAnswerSchema = z.object({
  code: z.string(),
  message: z.string(),
  where: z.string().optional(),
  fix: z.string().optional(),
});
