import { z } from 'zod';

const name = z.string().min(1).max(1_000);

/** What `odmd` asks of a platform, as JSON. */
export const requestSchemas = {
  deploy: z.strictObject({ enver: name }),
  retire: z.strictObject({ enver: name }),
  /** Contracts are to be applied although they do not follow those in force. */
  sync: z.strictObject({ sha: name }),
  decide: z.strictObject({
    enver: name,
    /** Of the product. */
    path: name,
    version: name,
    granted: z.boolean(),
  }),
  command: z.strictObject({
    /** `owner/name`. */
    repo: name,
    /** A full git name. */
    ref: z.string().startsWith('refs/').max(1_000),
    /** An `odmd:` line. */
    line: z.string().max(1_000),
  }),
};
