import { OdmdError } from '@ondemandenv/contracts-base';
import type { Installation } from '@ondemandenv/control-plane';
import { z } from 'zod';

const name = z.string().min(1);
const accountRole = z.strictObject({ account: name, role: name });

/** Which contracts the platform obeys, as the central stack writes it into the environment of its functions. */
const installationSchema = z.strictObject({
  build: name,
  repo: z.strictObject({ owner: name, name }),
  revision: z.strictObject({ kind: z.enum(['branch', 'tag']), ref: name }),
  account: z.strictObject({ name, id: z.string().regex(/^\d{12}$/) }),
  region: name,
  contractApprovers: z.array(accountRole).optional(),
  dispatchesPerMinute: z.number().positive().optional(),
}) satisfies z.ZodType<Installation, unknown>;

const json = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue({ code: 'custom', message: 'it is not JSON' });
    return z.NEVER;
  }
});

const environmentSchema = z.object({
  ODMD_TABLE: name,
  ODMD_QUEUE: z.url(),
  ODMD_BUS: name,
  ODMD_MANIFESTS: name,
  ODMD_APP_SECRET: name,
  ODMD_ALARMS: name,
  ODMD_INSTALLATION: json.pipe(installationSchema),
  ODMD_ACCOUNTS: json.pipe(z.record(name, z.string().regex(/^\d{12}$/))),
  ODMD_GITHUB_URL: z.url(),
  ODMD_CENTRAL_ACCOUNT: z.string().regex(/^\d{12}$/),
  ODMD_CENTRAL_REGION: name,
});

export type Environment = z.infer<typeof environmentSchema>;

/** What the central stack says, every problem at once. @throws OdmdError ODMD861 */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const read = environmentSchema.safeParse(variables);
  if (read.success) return read.data;
  const problems = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new OdmdError('ODMD861', `the environment of the function is not complete: ${problems.join('; ')}`, {
    fix: 'deploy the central stack again: it writes every one of them',
  });
}
