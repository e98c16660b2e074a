import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { enverId, type Manifest, OdmdError, repoName, revisionPath } from '@ondemandenv/contracts-base';
import {
  type Clock,
  type ControlPlane,
  createControlPlane,
  type KeyValue,
  keyValuePorts,
} from '@ondemandenv/control-plane';
import { LmdbKeyValue } from '@ondemandenv/control-plane/embedded';
import { forLog } from './for-log.js';
import { DEFAULT_SEARCH_PATH, GitRepos } from './git/index.js';
import { prepareHome, removeConnection, writeConnection } from './home.js';
import { lockHome, unlockHome } from './home-lock.js';
import { createApp, type PlatformApp } from './http/app.js';
import { type Listener, listen } from './http/listen.js';
import { installationOf, keepInstallation, serviceEnv } from './installation.js';
import { JobAccess } from './job-access.js';
import { JobRunner } from './jobs/index.js';
import { LocalNotifier } from './notifier.js';
import { checkOptions, type LocalPlatformOptions } from './options.js';
import { LocalProvisioner } from './provisioner.js';
import { ServiceSupervisor } from './services/index.js';
import { LocalSourceHost } from './source-host.js';
import { observed, Worker } from './worker.js';

/** A platform that runs. */
export interface LocalPlatform {
  /** Where it answers. */
  readonly url: string;
  /** Where the contracts are pushed to. */
  readonly contractsUrl: string;
  /** Ends every job and service and closes the store; safe to repeat. What it knows stays in its home. */
  stop(): Promise<void>;
  /** Resolves when it has stopped, whoever asked for it. */
  readonly stopped: Promise<void>;
}

/**
 * Starts the whole platform in this process, on the state that its home holds. Killed at any moment, it goes on
 * where it was when it is started again.
 *
 * @throws OdmdError ODMD601 settings · ODMD602 toolchain · ODMD603 home in use · ODMD604 port in use · ODMD605 home ·
 *   ODMD607 another org's home
 */
export async function startLocalPlatform(options: LocalPlatformOptions): Promise<LocalPlatform> {
  checkOptions(options);
  await prepareHome(options.home, options.toolchain);
  const kv = new LmdbKeyValue(join(options.home, 'store'));
  try {
    keepInstallation(kv, options);
    lockHome(kv, options.home);
  } catch (error) {
    await kv.close();
    throw error;
  }
  const platform = new Assembly(options, kv);
  try {
    return await platform.start();
  } catch (error) {
    await platform.stop();
    throw error;
  }
}

const clock: Clock = { now: Date.now };

/** The parts of a running platform, wired. */
class Assembly {
  private readonly userToken = randomBytes(32).toString('hex');
  private readonly stopping = new AbortController();
  private readonly access: JobAccess;
  private readonly repos: GitRepos;
  private readonly services: ServiceSupervisor;
  private readonly jobs: JobRunner;
  private readonly controlPlane: ControlPlane;
  private readonly worker: Worker;
  private readonly app: PlatformApp;
  private listener: Listener | undefined;
  private ending: Promise<void> | undefined;
  private readonly stopped: Promise<void>;
  private markStopped: () => void = () => {};

  constructor(
    private readonly options: LocalPlatformOptions,
    private readonly kv: KeyValue,
  ) {
    const { home, servicePorts, searchPath = DEFAULT_SEARCH_PATH, log } = options;
    this.stopped = new Promise((resolve) => {
      this.markStopped = resolve;
    });
    const stored = keyValuePorts(kv, clock);
    const queue = observed(stored.queue, () => this.worker.wake());
    this.access = new JobAccess(kv);
    this.repos = new GitRepos({ home, searchPath });
    this.services = new ServiceSupervisor({
      home,
      kv,
      ports: servicePorts,
      baseEnv: serviceEnv(home, searchPath),
    });
    this.jobs = new JobRunner({
      repos: this.repos,
      store: kv,
      concurrency: options.jobs,
      jobContext: ({ enverId, dispatchId }) => this.jobContext(enverId, dispatchId),
      log,
      onChange: (dispatchId, enver) => {
        if (this.jobs.status(dispatchId)?.state !== 'ended') return;
        this.access.ended(dispatchId);
        const told = queue.send({ kind: 'enver', id: enver }, `job ${dispatchId} ended`);
        told.catch((error) => log(`the end of job ${dispatchId} was not told: ${forLog(error)}`));
      },
    });
    const notifier = new LocalNotifier(kv, clock, options.log);
    const stacks = new LocalProvisioner({
      access: this.access,
      services: this.services,
      ensureRepo: (repo) => this.repos.ensure(repo),
      forgetJobs: (enver) => this.jobs.forget(enver),
    });
    const source = new LocalSourceHost(this.repos, this.jobs);
    const installation = installationOf(options);
    this.controlPlane = createControlPlane(
      { ...stored, queue, clock, notifier, source, stacks },
      installation,
    );
    this.worker = new Worker({
      queue,
      log,
      controlPlane: {
        tick: () => this.controlPlane.tick(),
        sweep: () => this.controlPlane.sweep(),
        handle: async (work) => {
          await this.controlPlane.handle(work);
          // Whoever the contracts are new for can push as soon as they are applied.
          if (work.kind === 'sync') await this.ensureRepos();
        },
      },
    });
    this.app = createApp({
      ...stored,
      clock,
      queue,
      notifier,
      log,
      controlPlane: this.controlPlane,
      backlog: stored.queue,
      services: this.services,
      access: this.access,
      jobs: this.jobs,
      jobsFolder: join(home, 'jobs'),
      repos: async () => this.repoNames(await this.controlPlane.manifest()).map((name) => this.remote(name)),
      contractsLib: enverId(installation.build, revisionPath(installation.revision)),
      userToken: this.userToken,
      trouble: (work) => this.worker.trouble(work),
      stop: () => void this.stop().catch((error) => log(`stopping failed: ${forLog(error)}`)),
      stopping: this.stopping.signal,
    });
  }

  async start(): Promise<LocalPlatform> {
    const { home, port, contracts } = this.options;
    this.listener = await listen(this.app.fetch, port);
    // Jobs of an earlier platform ended with it; those that start again get new tokens.
    this.access.allEnded();
    await this.ensureRepos();
    await this.startServices();
    this.jobs.recover();
    this.worker.start();
    const { url } = this.listener;
    await writeConnection(home, { url, token: this.userToken, pid: process.pid });
    const contractsUrl = this.remote(repoName(contracts.repo)).url;
    return { url, contractsUrl, stop: () => this.stop(), stopped: this.stopped };
  }

  stop(): Promise<void> {
    this.ending ??= this.end().finally(this.markStopped);
    return this.ending;
  }

  private async end(): Promise<void> {
    this.stopping.abort();
    await Promise.all([this.worker.stop(), this.jobs.stop(), this.services.close()]);
    await this.app.drain();
    await this.listener?.close();
    await this.app.drain();
    unlockHome(this.kv);
    await this.kv.close();
    await removeConnection(this.options.home, this.userToken);
  }

  private async jobContext(enver: string, dispatchId: string) {
    const entry = await this.controlPlane.entry(enver);
    const token = this.access.issue({ enver, dispatchId });
    if (!entry || token === undefined || !this.listener)
      throw new OdmdError(
        'ODMD606',
        `${enver} may not run jobs: it is not in the contracts or is being removed`,
        {
          where: enver,
          fix: 'push again what has to be deployed',
        },
      );
    return { token, platformUrl: this.listener.url, workDir: entry.workDir };
  }

  private async startServices(): Promise<void> {
    // Left by a removal that a crash cut short.
    const orphans = this.services.list().filter(({ enver }) => !this.access.granted(enver));
    for (const { enver } of orphans) await this.services.stop(enver);
    await this.services.startAll();
  }

  /** The repositories of the contracts in force, so that they can be pushed to. */
  private async ensureRepos(): Promise<void> {
    const { contracts, log } = this.options;
    await this.repos.ensure(repoName(contracts.repo));
    for (const name of this.repoNames(await this.controlPlane.manifest()))
      await this.repos.ensure(name).catch((error) => log(`${name} cannot be pushed to: ${forLog(error)}`));
  }

  private repoNames(manifest: Manifest | undefined): string[] {
    const repos = [this.options.contracts.repo, ...Object.values(manifest?.repos ?? {})];
    return [...new Set(repos.map(repoName))].sort();
  }

  private remote(name: string): { name: string; url: string } {
    return { name, url: this.repos.folderOf(name) };
  }
}
