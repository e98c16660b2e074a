import type { EnverEntry } from '../manifest/index.js';
import { enverId, revisionPath } from '../naming/index.js';

/**
 * The entry of a static enver, as synthesis writes the plainest one, for tests: the branch `main` of a script that
 * consumes and produces nothing. Its id follows from build and revision, unless it is among the overrides.
 *
 * @example enverEntry({ build: 'orders', kind: 'cdk', stacks: ['orders--main'] }).id // 'orders/b..main'
 */
export function enverEntry(overrides: Partial<EnverEntry> = {}): EnverEntry {
  const { build = 'orders', revision = { kind: 'branch', ref: 'main' } } = overrides;
  return {
    id: enverId(build, revisionPath(revision)),
    build,
    kind: 'script',
    repo: { owner: 'coffee', name: 'shop' },
    workDir: '.',
    extraPaths: [],
    revision,
    account: { name: 'workspace1', id: '222222222222' },
    region: 'us-west-1',
    timeoutMinutes: 30,
    commands: { test: [], deploy: ['make'], destroy: [] },
    stacks: [],
    images: [],
    tags: {},
    ephemeral: false,
    exec: { services: [], statements: [] },
    runtimeGrants: [],
    products: [],
    consumes: [],
    clones: 'off',
    ...overrides,
  };
}
