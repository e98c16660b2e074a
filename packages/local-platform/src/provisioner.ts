import { type EnverEntry, repoName } from '@ondemandenv/contracts-base';
import type { StackProvisioner } from '@ondemandenv/control-plane';
import type { JobAccess } from './job-access.js';
import type { ServiceSupervisor } from './services/index.js';

export interface LocalProvisionerOptions {
  readonly access: JobAccess;
  readonly services: ServiceSupervisor;
  /** Makes the bare repository of `owner/name` if there is none. */
  readonly ensureRepo: (repo: string) => Promise<unknown>;
  /** Forgets the jobs of an enver, with their folders and logs. */
  readonly forgetJobs: (enver: string) => Promise<unknown>;
}

/** What CloudFormation makes for an enver in the cloud: here the right of its jobs to a token. */
export class LocalProvisioner implements StackProvisioner {
  constructor(private readonly options: LocalProvisionerOptions) {}

  async ensure(entry: EnverEntry): Promise<'ready'> {
    await this.options.ensureRepo(repoName(entry.repo));
    this.options.access.grant(entry.id);
    return 'ready';
  }

  async remove({ id: enverId }: EnverEntry): Promise<'gone'> {
    const { access, services, forgetJobs } = this.options;
    // First, so that no job that is still ending can start or publish anything more.
    access.withdraw(enverId);
    await forgetJobs(enverId);
    await services.stop(enverId);
    return 'gone';
  }
}
