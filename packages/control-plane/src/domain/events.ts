import { inputVectorSchema } from '@ondemandenv/contracts-base';
import { z } from 'zod';

const enver = { enver: z.string() };

/** What travels on the bus `odmd`, by detail type. Events inform; the platform never believes their content. */
export const eventSchemas = {
  ContractsPublished: z.object({ sha: z.string(), digest: z.string(), serial: z.int() }),
  ProductsPublished: z.object({ ...enver, paths: z.array(z.string()) }),
  EnverDispatched: z.object({
    ...enver,
    dispatchId: z.string(),
    roots: z.array(z.string()),
    reason: z.string(),
  }),
  EnverDeployed: z.object({ ...enver, dispatchId: z.string(), vector: inputVectorSchema }),
  EnverFailed: z.object({ ...enver, dispatchId: z.string(), reason: z.string() }),
  EnverBlocked: z.object({ ...enver, by: z.array(z.string()), reason: z.string() }),
  ApprovalRequested: z.object({
    ...enver,
    path: z.string(),
    version: z.string(),
    roots: z.array(z.string()),
  }),
  CloneCreated: z.object({ ...enver, base: z.string(), ref: z.string() }),
  CloneDeleted: z.object({ ...enver, base: z.string(), ref: z.string() }),
} as const;

export type EventType = keyof typeof eventSchemas;
export type PlatformEvent = {
  [T in EventType]: { readonly type: T; readonly detail: z.infer<(typeof eventSchemas)[T]> };
}[EventType];
