import type { Inside } from './plugin.js';

const NO_COMMIT = '0'.repeat(40);

/**
 * Webhooks as GitHub sends them: an action is also in the payload, a created ref goes by its short name, and the making
 * of a branch is a push too. (The deletion of a branch is still told to nobody: a test that needs it signs one itself.)
 */
export function webhooksOf({ webhooks, store }: Inside): void {
  const send = webhooks.dispatch.bind(webhooks);
  webhooks.dispatch = async (event, action, given, owner, name) => {
    const payload = { ...(action !== undefined && { action }), ...given };
    if (event !== 'create') return send(event, action, payload, owner, name);
    const full = String(given.ref);
    await send(event, action, { ...payload, ref: full.replace(/^refs\/(heads|tags)\//, '') }, owner, name);
    const repo = store.repos.all().find(({ full_name }) => full_name === `${owner}/${name}`);
    const made = store.refs.all().find(({ repo_id, ref }) => repo_id === repo?.id && ref === full);
    const push = { ...payload, ref: full, before: NO_COMMIT, after: made?.sha, created: true, commits: [] };
    if (full.startsWith('refs/heads/')) await send('push', undefined, push, owner, name);
  };
}
