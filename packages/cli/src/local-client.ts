import { OdmdError } from '@ondemandenv/contracts-base';
import type { LocalPlatformClient } from '@ondemandenv/local-platform/client';
import { knownEnver } from './known-enver.js';
import type { Decision, PlatformClient } from './platform-client.js';

/** The platform on this machine. */
export class LocalClient implements PlatformClient {
  constructor(private readonly local: LocalPlatformClient) {}

  status() {
    return this.local.status();
  }

  async enver(id: string) {
    return knownEnver(await this.local.status(), id);
  }

  waitUntilIdle(timeoutMs: number) {
    return this.local.waitUntilIdle(timeoutMs);
  }

  async waitFor(enver: string, timeoutMs: number) {
    return knownEnver(await this.local.waitUntilIdle(timeoutMs), enver);
  }

  async unprotected(): Promise<never> {
    throw new OdmdError('ODMD718', 'git on this machine protects no branch', {
      fix: 'ask a platform on AWS: give --platform',
    });
  }

  deploy(enver: string) {
    return this.local.deploy(enver);
  }

  decide(decision: Decision, as: string | undefined) {
    return this.local.decide({ ...decision, by: as ?? '' });
  }

  retire(enver: string) {
    return this.local.retire(enver);
  }

  applyContracts(sha: string) {
    return this.local.applyContracts(sha);
  }

  command(repo: string, ref: string, line: string) {
    return this.local.command(repo, ref, line);
  }
}
