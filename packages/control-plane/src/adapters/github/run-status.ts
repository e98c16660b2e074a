import type { RunStatus } from '../../ports/source-host.js';
import { ask } from './ask.js';
import type { Repo } from './repos.js';

export interface FinishedRun {
  readonly id: number;
  readonly status: string | null;
  readonly conclusion: string | null;
  readonly html_url: string;
}

interface Step {
  readonly name: string;
  readonly conclusion: string | null;
}

/**
 * What became of a run.
 *
 * @param laterStep name of the step that runs only in a job that was superseded or has to wait
 */
export async function statusOf(repo: Repo, run: FinishedRun, laterStep: string): Promise<RunStatus> {
  if (run.status !== 'completed') return { state: run.status === 'in_progress' ? 'running' : 'queued' };
  const ended = (conclusion: Ended['conclusion'], what: string): Ended => ({
    state: 'ended',
    conclusion,
    reason: `${what}: ${run.html_url}`,
  });
  switch (run.conclusion) {
    case 'success': {
      const later = (await stepsOf(repo, run)).some(
        ({ name, conclusion }) => name === laterStep && conclusion === 'success',
      );
      return later
        ? ended('superseded', 'a newer dispatch took over, or an input is not there yet')
        : ended('success', 'the run succeeded');
    }
    case 'failure': {
      const step = (await stepsOf(repo, run)).find(({ conclusion }) => conclusion === 'failure');
      // A runner that goes away leaves steps behind that did not end.
      return step
        ? ended('failure', `the step ${JSON.stringify(step.name)} failed`)
        : ended('lost', 'no step failed, but the run did');
    }
    case 'timed_out':
      return ended('timed-out', 'the run took longer than GitHub lets it');
    default:
      return ended('lost', `GitHub ended the run (${run.conclusion ?? 'without a conclusion'})`);
  }
}

type Ended = Extract<RunStatus, { state: 'ended' }>;

/** Of the newest attempt. */
async function stepsOf({ client, at, name }: Repo, { id }: FinishedRun): Promise<Step[]> {
  const query = { run_id: id, filter: 'latest' as const, per_page: 100 };
  const { data } = await ask(name, () => client.actions.listJobsForWorkflowRun({ ...at, ...query }));
  return data.jobs.flatMap(({ steps }) => steps ?? []);
}
