import { isAbsolute } from 'node:path';
import { ID_PATTERN, OdmdError, refProblem, repoName } from '@ondemandenv/contracts-base';
import type { PortRange } from './services/index.js';

export interface LocalPlatformOptions {
  /** The platform's folder, absolute; all that it knows is in there. */
  readonly home: string;
  /** Where the org's contracts come from; they have to declare themselves under the same names. */
  readonly contracts: {
    readonly repo: { readonly owner: string; readonly name: string };
    /** Build id of the contractsLib. */
    readonly build: string;
    readonly branch: string;
  };
  /** Port of the platform itself on 127.0.0.1; 0 is any that is free. */
  readonly port: number;
  /** Ports for the services of envers. */
  readonly servicePorts: PortRange;
  /** Folder whose `node_modules` jobs and services see; `@ondemandenv/enver-runtime` has to be in it. Absolute. */
  readonly toolchain: string;
  /** Jobs that run at once. */
  readonly jobs: number;
  /** One line for whoever runs the platform, about something that did not work. */
  readonly log: (line: string) => void;
  /**
   * `PATH` in which git and what jobs and services call are found.
   * @default where system tools usually are
   */
  readonly searchPath?: string;
}

/** @throws OdmdError ODMD601 with everything that is wrong */
export function checkOptions(options: LocalPlatformOptions): void {
  const { home, toolchain, contracts, port, servicePorts, jobs } = options;
  const repo = repoName(contracts.repo);
  const branch = refProblem(contracts.branch);
  const problems = [
    !isAbsolute(home) && `the home ${JSON.stringify(home)} is not an absolute path`,
    !isAbsolute(toolchain) && `the toolchain ${JSON.stringify(toolchain)} is not an absolute path`,
    !/^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/.test(repo) &&
      `${JSON.stringify(repo)} is not \`owner/name\` of a repository`,
    !ID_PATTERN.test(contracts.build) && `${JSON.stringify(contracts.build)} is not a build id`,
    branch !== undefined && `the branch ${JSON.stringify(contracts.branch)} ${branch}`,
    !isPort(port, 0) && `${port} is not a port`,
    !(isPort(servicePorts.from, 1) && isPort(servicePorts.to, servicePorts.from)) &&
      `${servicePorts.from}-${servicePorts.to} is not a range of ports`,
    !(Number.isInteger(jobs) && jobs >= 1) && `${jobs} is not a number of jobs`,
  ].filter((problem) => problem !== false);
  if (problems.length === 0) return;
  throw new OdmdError(
    'ODMD601',
    `the platform cannot start with these settings:\n  ${problems.join('\n  ')}`,
    {
      fix: 'correct them; `odmd local start --help` explains each',
    },
  );
}

function isPort(value: number, from: number): boolean {
  return Number.isInteger(value) && value >= from && value <= 65_535;
}
