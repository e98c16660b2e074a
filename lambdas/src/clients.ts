import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { OdmdError } from '@ondemandenv/contracts-base';
import { z } from 'zod';
import { parseJson } from './parse-json.js';

/** What the secret of the GitHub App holds. */
const appSecretSchema = z.object({
  appId: z.int().positive(),
  /** PEM. */
  privateKey: z.string().min(1),
  /** Two while one takes the place of the other. */
  webhookSecrets: z.array(z.string().min(1)).min(1),
  /** Ids of the App's installations by the owner of the repositories. */
  installations: z.record(z.string(), z.int().positive()),
});
export type AppSecret = z.infer<typeof appSecretSchema>;

/** How long a function believes what it read: a new webhook secret is in force after that. */
const BELIEVED_MS = 5 * 60_000;

/** Reads the secret of the GitHub App, anew every five minutes; what is not valid is never kept. */
export function appSecretReader(
  secretId: string,
  client = new SecretsManagerClient({}),
): () => Promise<AppSecret> {
  let known: { readonly secret: AppSecret; readonly until: number } | undefined;
  return async () => {
    if (known && Date.now() < known.until) return known.secret;
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    const read = appSecretSchema.safeParse(parseJson(SecretString));
    if (!read.success)
      throw new OdmdError('ODMD863', `the secret ${secretId} does not hold a GitHub App`, {
        where: read.error.issues.map(({ path }) => path.join('.') || 'the whole').join(', '),
        fix: 'write {"appId": 1, "privateKey": "…", "webhookSecrets": ["…"], "installations": {"owner": 1}} into it',
      });
    known = { secret: read.data, until: Date.now() + BELIEVED_MS };
    return read.data;
  };
}
