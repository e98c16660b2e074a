export { checkOut } from './check-out.js';
export { commitsSince, isAncestor } from './history.js';
export { head, refs, tagMessage } from './refs.js';
export { type BareRepo, GitRepos } from './repos.js';
export { DEFAULT_SEARCH_PATH } from './run-git.js';
export { treeHash } from './tree.js';
