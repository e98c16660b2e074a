import { execFileSync } from 'node:child_process';

/** What a checkout says of itself; everything is absent outside of one. */
export interface Checkout {
  /** The branch that is checked out. */
  readonly branch?: string;
  /** Tags of the commit that is checked out. */
  readonly tags: readonly string[];
  /** `owner/name` of the remote `origin`. */
  readonly repo?: string;
}

/** Asks git about a folder. */
export function readCheckout(folder: string): Checkout {
  const branch = git(folder, 'symbolic-ref', '--quiet', '--short', 'HEAD');
  const remote = git(folder, 'remote', 'get-url', 'origin');
  const repo = remote && repoOf(remote);
  return {
    tags: git(folder, 'tag', '--points-at', 'HEAD')?.split('\n') ?? [],
    ...(branch && { branch }),
    ...(repo && { repo }),
  };
}

/** `owner/name` at the end of an address, as `git@host:owner/name.git`, `https://host/owner/name` and paths have it. */
function repoOf(remote: string): string | undefined {
  const [, owner, name] = /[/:]([^/:]+)\/([^/]+?)(?:\.git)?\/?$/.exec(remote) ?? [];
  return owner === undefined ? undefined : `${owner}/${name}`;
}

/** What git prints, or `undefined` when it fails or has nothing to say. */
function git(folder: string, ...args: string[]): string | undefined {
  try {
    const text = execFileSync('git', args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return text.trim() || undefined;
  } catch {
    return undefined;
  }
}
