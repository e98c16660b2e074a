import { z } from 'zod';
import { sha256 } from '../canonical-json.js';

/** What an enver is built from. */
export const inputVectorSchema = z.strictObject({
  source: z.strictObject({
    /** The commit. */
    sha: z.string(),
    /** Hash of the content of the build's folders; the only part of `source` that is compared. */
    tree: z.string(),
  }),
  /** Product path → `<version>#<first 12 hex of sha256(value)>`, or `placeholder#<hash>`. */
  inputs: z.record(z.string(), z.string()),
});
export type InputVector = z.infer<typeof inputVectorSchema>;

/** What the newest run of an enver has to deploy; CI reads it and obeys it. */
export const dispatchStateSchema = z.strictObject({ id: z.string(), vector: inputVectorSchema });
export type DispatchState = z.infer<typeof dispatchStateSchema>;

/** What CI says it deployed. */
export const deployedStateSchema = z.strictObject({ dispatchId: z.string(), vector: inputVectorSchema });
export type DeployedState = z.infer<typeof deployedStateSchema>;

/** `3#0123456789ab`: SSM versions restart when a parameter is re-created, hence the hash. */
export function inputVersion(version: number | 'placeholder', value: string): string {
  return `${version}#${sha256(value).slice(0, 12)}`;
}

/** The two halves of an input version. */
export function parseInputVersion(text: string): { version: number | 'placeholder'; hash: string } {
  const [version = '', hash = ''] = text.split('#');
  return { version: version === 'placeholder' ? version : Number(version), hash };
}
