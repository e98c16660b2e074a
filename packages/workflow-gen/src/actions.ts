/** An action at one commit. */
export interface PinnedAction {
  /** `owner/name`. */
  readonly name: string;
  /** The full sha of the commit that the release's tag names. */
  readonly sha: string;
  /** The release, for people; GitHub looks at the sha alone. */
  readonly version: string;
}

/**
 * Every action that a generated workflow may run: checkout and the set-up of the language. Nothing else may hold what a
 * job holds. Both run on Node 24, which GitHub's runners have had alone since 16 September 2026.
 *
 * A sha is looked up with `git ls-remote https://github.com/<name> refs/tags/<version>` and compared with what other
 * projects pin under that version. checkout: vercel/next.js, Shopify/ui-extensions (pull request 4659); setup-node:
 * openai/codex-action, openai/openai-dotnet.
 */
export const ACTIONS = {
  checkout: {
    name: 'actions/checkout',
    sha: 'de0fac2e4500dabe0009e67214ff5f5447ce83dd',
    version: 'v6.0.2',
  },
  setupNode: {
    name: 'actions/setup-node',
    sha: '53b83947a5a98c8d113130e565377fae1a50d02f',
    version: 'v6.3.0',
  },
} as const satisfies Record<string, PinnedAction>;
