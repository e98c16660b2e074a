/** `owner/name` of a repository. */
export function repoName(repo: { readonly owner: string; readonly name: string }): string {
  return `${repo.owner}/${repo.name}`;
}

/** One key for a ref of a repository: `owner/name refs/heads/main`. Neither part has a space in it. */
export function refKey(repo: string, ref: string): string {
  return `${repo} ${ref}`;
}

/** The two halves of a ref key. */
export function parseRefKey(key: string): { repo: string; ref: string } {
  const [repo = '', ref = ''] = key.split(' ');
  return { repo, ref };
}
