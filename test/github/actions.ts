import type { Context, Inside } from './plugin.js';

export interface EndedStep {
  readonly name: string;
  readonly conclusion: 'success' | 'failure' | 'skipped' | 'cancelled' | null;
}

const DISPATCH = /^\/repos\/([^/]+)\/([^/]+)\/actions\/workflows\/([^/]+)\/dispatches$/;

/**
 * What the emulator lacks of Actions: a workflow file of the default branch is a workflow; a dispatch needs the file on
 * its ref too, and the run gets its `run-name`.
 */
export function actionsOf({ routes, store }: Inside, url: () => string, token: string): void {
  const contents = async (repo: string, path: string, ref?: string): Promise<unknown> => {
    const query = ref === undefined ? '' : `?ref=${encodeURIComponent(ref)}`;
    const headers = { authorization: `token ${token}` };
    const response = await fetch(`${url()}/repos/${repo}/contents/${path}${query}`, { headers });
    return response.ok ? response.json() : undefined;
  };
  routes.use('*', async (context, next) => {
    const [, owner, name, file] = DISPATCH.exec(new URL(context.req.raw.url).pathname) ?? [];
    const repo = store.repos.all().find(({ full_name }) => full_name === `${owner}/${name}`);
    if (!repo || file === undefined || context.req.method !== 'POST') {
      await next();
      return undefined;
    }
    const { ref, inputs } = await bodyOf(context);
    const path = `.github/workflows/${decodeURIComponent(file)}`;
    if (await contents(repo.full_name, path)) register(store, repo.id, path);
    const found = await contents(repo.full_name, path, ref);
    if (!found && isRegistered(store, repo.id, path))
      return context.json({ message: "Workflow does not have 'workflow_dispatch' trigger" }, 422);
    await next();
    const run = store.workflowRuns
      .all()
      .filter(({ repo_id }) => repo_id === repo.id)
      .at(-1);
    if (run && found) store.workflowRuns.update(run.id, { name: runName(found, inputs), ref, inputs });
    return undefined;
  });
}

/** Ends the run of a dispatch, with a job of these steps, and tells it to whoever gets webhooks. */
export async function endRun(
  { store, webhooks }: Inside,
  dispatchId: string,
  conclusion: string,
  steps: readonly EndedStep[],
): Promise<void> {
  const run = store.workflowRuns.all().find(({ name }) => name.split(' ').includes(dispatchId));
  const repo = store.repos.all().find(({ id }) => id === run?.repo_id);
  if (!run || !repo) throw new Error(`there is no run of the dispatch ${dispatchId}`);
  store.workflowRuns.update(run.id, { status: 'completed', conclusion });
  const numbered = steps.map((step, index) => ({ ...step, number: index + 1, status: 'completed' }));
  for (const job of store.jobs.all().filter(({ run_id }) => run_id === run.id))
    store.jobs.update(job.id, { status: 'completed', conclusion, steps: numbered });
  const [owner = '', name = ''] = repo.full_name.split('/');
  const path = store.workflows.all().find(({ id }) => id === run.workflow_id)?.path;
  const current = store.workflowRuns.all().find(({ id }) => id === run.id);
  await webhooks.dispatch(
    'workflow_run',
    'completed',
    {
      action: 'completed',
      workflow_run: { ...current, path, display_title: run.name },
      repository: { id: repo.id, full_name: repo.full_name },
    },
    owner,
    name,
  );
}

async function bodyOf(context: Context): Promise<{ ref: string; inputs: Record<string, string> }> {
  return (await context.req.raw.clone().json()) as { ref: string; inputs: Record<string, string> };
}

function isRegistered(store: Inside['store'], repoId: number, path: string): boolean {
  return store.workflows.all().some((workflow) => workflow.repo_id === repoId && workflow.path === path);
}

function register(store: Inside['store'], repo_id: number, path: string): void {
  if (isRegistered(store, repo_id, path)) return;
  store.workflows.insert({ node_id: '', repo_id, name: path, path, state: 'active', badge_url: '' });
}

function runName(file: unknown, inputs: Record<string, string>): string {
  const { content } = file as { content: string };
  const text = Buffer.from(content, 'base64').toString();
  const [, name = ''] = /^run-name:\s*['"]?(.*?)['"]?$/m.exec(text) ?? [];
  return name.replace(/\$\{\{\s*inputs\.(\w+)\s*\}\}/g, (_all, input: string) => inputs[input] ?? '');
}
