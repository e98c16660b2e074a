import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { formatError, OdmdError } from '@ondemandenv/contracts-base';
import type { RunRequest } from '@ondemandenv/control-plane';
import type { BareRepo } from '../git/index.js';
import { type GuardedCommand, type ProcessEnd, spawnGuarded } from '../guard/index.js';
import { removeFiles } from '../remove-files.js';
import { type JobContext, jobEnvironment } from './environment.js';
import { makeJobFolder, stepFolder } from './job-folder.js';
import { lastLine, lastWords } from './last-words.js';
import { type JobEnd, jobPaths } from './record.js';

export interface Execution {
  readonly home: string;
  readonly request: RunRequest;
  readonly repo: BareRepo | undefined;
  readonly searchPath: string;
  readonly context: (request: RunRequest) => Promise<JobContext>;
  /** Aborted: the job's processes end. With the reason `TIMED_OUT` that is its end, else the job is given up. */
  readonly signal: AbortSignal;
  /** How long a process may take to end when asked to, in milliseconds. */
  readonly graceMs: number;
}

export const TIMED_OUT = Symbol('timed out');

const STEPS = { deploy: ['resolve', 'run', 'publish'], destroy: ['destroy'] } as const;
/** Exit code of a step that a newer dispatch or a missing input stopped. */
const TRY_LATER = 75;
/** Coded errors that nobody's push or contracts caused. */
const RUNNER_ERRORS: ReadonlySet<string> = new Set(['ODMD610', 'ODMD620']);

/**
 * Runs a job's steps in a fresh checkout, which is gone at the end.
 *
 * @returns how it ended; `undefined` when it was given up
 */
export async function execute(execution: Execution): Promise<JobEnd | undefined> {
  const { folder, log } = jobPaths(execution.home, execution.request.dispatchId);
  try {
    await mkdir(dirname(log), { recursive: true });
    const output = await open(log, 'w');
    try {
      return await runSteps(execution, folder, log, output);
    } catch (error) {
      await output.write(`${formatError(error)}\n`);
      throw error;
    } finally {
      // What stays behind is no reason to deploy again.
      await removeFiles(folder).catch((error) => output.write(`${formatError(error)}\n`));
      await output.close();
    }
  } catch (error) {
    if (isGivenUp(execution.signal)) return undefined;
    const lost = !(error instanceof OdmdError) || RUNNER_ERRORS.has(error.code);
    return {
      conclusion: lost ? 'lost' : 'failure',
      reason: lastLine(formatError(error).split('\n')[0] ?? ''),
    };
  }
}

async function runSteps(
  execution: Execution,
  folder: string,
  log: string,
  output: FileHandle,
): Promise<JobEnd | undefined> {
  const { request, repo, signal } = execution;
  await output.write(`# ${request.purpose} ${request.enverId} from ${request.repo}@${request.sha}\n`);
  if (!repo) throw noRepo(request);
  const context = await execution.context(request);
  await makeJobFolder(repo, folder, request.sha);
  const cwd = await stepFolder(folder, context.workDir, request);
  const env = jobEnvironment({ ...execution, folder, context });

  for (const step of STEPS[request.purpose]) {
    const name = `step \`odmd-enver ${step}\``;
    await output.write(`$ odmd-enver ${step}\n`);
    const { size } = await output.stat();
    const command = { command: 'odmd-enver', args: [step], cwd, env, stdout: output.fd };
    const end = await runStep(command, signal, execution.graceMs);
    if (!signal.aborted && end.code === 0) continue;
    if (isGivenUp(signal)) return undefined;
    const words = await lastWords(log, size);
    const outcome = signal.aborted ? timedOut(request, name) : stepEnd(end, name);
    return words === '' ? outcome : { ...outcome, reason: `${outcome.reason}: ${words}` };
  }
  return { conclusion: 'success', reason: `${request.purpose} succeeded` };
}

async function runStep(command: GuardedCommand, signal: AbortSignal, graceMs: number): Promise<ProcessEnd> {
  if (signal.aborted) return { code: null, signal: null };
  const { exit, stop } = spawnGuarded(command);
  const abort = () => void stop(graceMs);
  signal.addEventListener('abort', abort);
  const end = await exit;
  signal.removeEventListener('abort', abort);
  return end;
}

function isGivenUp(signal: AbortSignal): boolean {
  return signal.aborted && signal.reason !== TIMED_OUT;
}

function timedOut(request: RunRequest, name: string): JobEnd {
  const unit = request.timeoutMinutes === 1 ? 'minute' : 'minutes';
  return {
    conclusion: 'timed-out',
    reason: `${name} was ended: the job took longer than its limit of ${request.timeoutMinutes} ${unit}`,
  };
}

function stepEnd({ code, signal }: ProcessEnd, name: string): JobEnd {
  if (code === TRY_LATER) return { conclusion: 'superseded', reason: `${name} stopped` };
  const how = code === null ? `was ended by ${signal}` : `exited with ${code}`;
  return { conclusion: 'failure', reason: `${name} ${how}` };
}

function noRepo(request: RunRequest): OdmdError {
  return new OdmdError('ODMD630', `there is no repository ${request.repo}`, {
    where: request.enverId,
    fix: 'push to it first',
  });
}
