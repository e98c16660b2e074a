import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACTIONS } from '@ondemandenv/workflow-gen';
import { root } from '../../emulator/place.js';
import { installAct } from './install.js';

const actions = join(root, 'test/workflows/act/actions');

/** A workflow that was dispatched, as the runner gets it. */
export interface Dispatch {
  /** Path of the workflow file in the checkout. */
  readonly workflow: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** Environment variables of the job. */
  readonly variables: Readonly<Record<string, string>>;
  /** The `GITHUB_TOKEN` that GitHub gives the job. */
  readonly token: string;
  /** Folder of the checkout. */
  readonly checkout: string;
  /** Folder of the runner's own: what it keeps, and copies of the repository, go below it. */
  readonly home: string;
}

/** How a run of a workflow ended. */
export interface EndedRun {
  /** Of `act`: 0 when the job succeeded. */
  readonly code: number | null;
  readonly log: string;
}

/** Runs a workflow to its end, in an environment of its own: nothing of this process but where programs are. */
export function runWorkflow(dispatch: Dispatch): Promise<EndedRun> {
  const { checkout, home } = dispatch;
  // Its settings; without them it asks for some.
  mkdirSync(join(home, '.config/act'), { recursive: true });
  writeFileSync(join(home, '.config/act/actrc'), '');
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env.PATH ?? '', HOME: home };
    const stdio = ['ignore', 'pipe', 'pipe'] as const;
    const child = spawn(installAct(), argumentsOf(dispatch), { cwd: checkout, env, stdio: [...stdio] });
    let log = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        log += text;
      });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, log }));
  });
}

function argumentsOf({ workflow, inputs, variables, token }: Dispatch): string[] {
  return [
    'workflow_dispatch',
    ...['-W', workflow, '-P', 'ubuntu-latest=-self-hosted', '-s', `GITHUB_TOKEN=${token}`],
    ...['--action-offline-mode', '--no-cache-server'],
    ...[localAction('checkout', 'checkout'), localAction('setupNode', 'setup-node')].flat(),
    ...Object.entries(inputs).flatMap(([name, value]) => ['--input', `${name}=${value}`]),
    ...Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
  ];
}

function localAction(key: keyof typeof ACTIONS, folder: string): string[] {
  const { name, sha } = ACTIONS[key];
  return ['--local-repository', `${name}@${sha}=${join(actions, folder)}`];
}
