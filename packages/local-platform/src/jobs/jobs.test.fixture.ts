import { EventEmitter, once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeyValue, RunRequest, RunStatus } from '@ondemandenv/control-plane';
import { Sandbox } from '../git/sandbox.test.fixture.js';
import type { JobContext } from './environment.js';
import { JobRunner } from './job-runner.js';

/** Says the name of the step, then does what the file of that name in the repository says. */
const FAKE_TOOL = '#!/bin/sh\necho "$1 of $ODMD_ENVER"\n[ ! -f "$1.sh" ] || . "./$1.sh"\n';

/** Jobs with a fake `odmd-enver`, for tests. */
export class JobSandbox extends Sandbox {
  /** `<dispatch id> <state>`, as they happen. */
  readonly changes: string[] = [];
  /** What the runners told about what did not work. */
  readonly log: string[] = [];
  context: (request: RunRequest) => Promise<JobContext> = async () => ({
    token: 'the-token',
    platformUrl: 'http://127.0.0.1:1',
    workDir: '.',
  });
  private readonly events = new EventEmitter().setMaxListeners(100);

  constructor() {
    super();
    const bin = join(this.home, 'node_modules', '.bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'odmd-enver'), FAKE_TOOL, { mode: 0o755 });
  }

  runner(store: KeyValue, concurrency = 2): JobRunner {
    const runner: JobRunner = new JobRunner({
      repos: this.repos,
      store,
      concurrency,
      jobContext: (request) => this.context(request),
      onChange: (dispatchId) => {
        this.changes.push(`${dispatchId} ${runner.status(dispatchId)?.state}`);
        this.events.emit('change');
      },
      log: (line) => this.log.push(line),
      graceMs: 1_000,
    });
    return runner;
  }

  /** Waits until the job has ended. */
  async ended(runner: JobRunner, dispatchId: string): Promise<Extract<RunStatus, { state: 'ended' }>> {
    for (;;) {
      const status = runner.status(dispatchId);
      if (status?.state === 'ended') return status;
      await once(this.events, 'change');
    }
  }
}

export function logOf(runner: JobRunner, dispatchId: string): string {
  return readFileSync(runner.logFile(dispatchId), 'utf8');
}
