import { closeSync } from 'node:fs';
import { OdmdError } from '@ondemandenv/contracts-base';
import { type GuardedProcess, type ProcessEnd, spawnGuarded } from '../guard/index.js';
import { lastLines } from '../log-tail.js';
import { becomesFree } from './ports.js';
import { waitUntilReady } from './readiness.js';
import type { ServiceFiles } from './service-files.js';
import { type ServiceRecord, serviceUrl, whereOf } from './service-records.js';

/** How processes of services are started. */
export interface Launcher {
  readonly files: ServiceFiles;
  /** What every service has in its environment; nothing else is inherited. */
  readonly baseEnv: Readonly<Record<string, string>>;
  readonly readyTimeoutMs: number;
}

/** What a process that is being stopped may take to end. */
export const STOP_GRACE_MS = 3_000;
/** A process killed together with an earlier platform may hold its port a little longer. */
const PORT_WAIT_MS = STOP_GRACE_MS + 2_000;
const TOLD_LOG_LINES = 20;

/**
 * Starts the process of one release and waits until it is ready; a process that does not get there, or whose
 * start is cancelled meanwhile, is stopped.
 * @throws OdmdError ODMD642 not ready · ODMD643 its port is used by somebody else
 */
export async function launch(
  launcher: Launcher,
  record: ServiceRecord,
  cancelled: AbortSignal,
): Promise<GuardedProcess> {
  const where = whereOf(record);
  if (!(await becomesFree(record.port, Math.min(PORT_WAIT_MS, launcher.readyTimeoutMs), cancelled)))
    throw new OdmdError('ODMD643', `port ${record.port} is used by another program`, {
      where,
      fix: `end that program: the service keeps its port, since others know it as ${serviceUrl(record)}`,
    });
  const process = spawnRelease(launcher, record);
  const stop = () => void process.stop(STOP_GRACE_MS);
  if (cancelled.aborted) stop();
  cancelled.addEventListener('abort', stop);
  const readiness = await waitUntilReady(record, process.exit, launcher.readyTimeoutMs);
  cancelled.removeEventListener('abort', stop);
  if (readiness === 'ready') return process;
  await process.stop(STOP_GRACE_MS);
  const problem =
    readiness === 'timeout'
      ? `it did not answer on ${serviceUrl(record)}${record.health ?? ''} within ${launcher.readyTimeoutMs / 1000} s`
      : `it ended before it was ready (${describeExit(await process.exit)})`;
  const log = await lastLines(launcher.files.log(record), TOLD_LOG_LINES);
  throw new OdmdError('ODMD642', [problem, ...log.map((line) => `  | ${line}`)].join('\n'), {
    where,
    fix: 'make it listen on 127.0.0.1 at the port in the environment variable PORT, and read its last words above',
  });
}

export function describeExit({ code, signal }: ProcessEnd): string {
  return signal === null ? `exit code ${code}` : `signal ${signal}`;
}

function spawnRelease(launcher: Launcher, record: ServiceRecord): GuardedProcess {
  const [command = '', ...args] = record.command;
  const stdout = launcher.files.openLog(record);
  try {
    return spawnGuarded({
      command,
      args,
      cwd: launcher.files.release(record),
      env: { ...launcher.baseEnv, ...record.env, ODMD_ENVER: record.enver, PORT: String(record.port) },
      stdout,
    });
  } finally {
    closeSync(stdout);
  }
}
