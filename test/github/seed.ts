import { ADMIN } from './people.js';

export const ORG = 'o';
export const INSTALLATION = 77;
export const WEBHOOK_SECRET = 'the secret of the webhook';
export const APP_ID = 4242;

/** What the App may do, as the guide to the installation has it. */
export const PERMISSIONS = {
  actions: 'write',
  checks: 'write',
  contents: 'write',
  metadata: 'read',
  pull_requests: 'write',
  workflows: 'write',
};

/** What the emulator starts with: the organisation, one member of it, and the platform's App, installed. */
export function seed(owner: string, privateKey: string, webhookUrl: string | undefined) {
  const events = ['*'];
  const webhook = webhookUrl !== undefined && { webhook_url: webhookUrl, webhook_secret: WEBHOOK_SECRET };
  const installations = [{ installation_id: INSTALLATION, account: owner, permissions: PERMISSIONS, events }];
  const app = {
    app_id: APP_ID,
    slug: 'odmd',
    name: 'ODMD',
    private_key: privateKey,
    permissions: PERMISSIONS,
  };
  return {
    tokens: { [ADMIN]: { login: 'admin', scopes: ['repo', 'workflow', 'admin:org'] } },
    github: {
      orgs: [{ login: owner, members: [{ login: 'admin', role: 'admin' as const }] }],
      apps: [{ ...app, events, ...webhook, installations }],
    },
  };
}
