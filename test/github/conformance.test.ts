import { sourceHostConformance } from '@ondemandenv/control-plane/conformance';
import { afterAll } from 'vitest';
import { GitHubEmulator } from './emulator.js';
import { entryOf, hostOf, workflowsOf } from './source-host.bench.js';

const emulator = await GitHubEmulator.start();
afterAll(() => emulator.close());

sourceHostConformance('GitHub', async () => {
  const repo = await emulator.createRepo();
  const entry = entryOf(repo);
  const workflows = Object.fromEntries(workflowsOf(entry).map(({ path, content }) => [path, content]));
  return {
    host: hostOf(emulator, entry),
    repo,
    // Without a workflow file on the default branch, GitHub starts nothing.
    push: (revision, { files, ...change }) =>
      emulator.push(repo, revision, { ...change, files: { ...workflows, ...files } }),
    deleteRef: (revision) => emulator.deleteRef(repo, revision),
    openPullRequest: (branch) => emulator.openPullRequest(repo, branch),
  };
});
