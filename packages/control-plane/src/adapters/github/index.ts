export { GitHubApp, type GitHubAppOptions, type GitHubClient } from './app.js';
export type { WorkflowFile } from './committed-files.js';
export { GitHubNotifier, type GitHubNotifierOptions } from './notifier.js';
export { ConfigRepoIdentities, type RepoIdentities } from './repo-identities.js';
export { GitHubRepos, type GitHubReposOptions, type Repo } from './repos.js';
export { GitHubSourceHost, type GitHubSourceHostOptions } from './source-host.js';
export * from './webhooks.js';
