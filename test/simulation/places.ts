import type { RevisionRef } from '@ondemandenv/contracts-base';
import type { Installation } from '@ondemandenv/control-plane';

export const main: RevisionRef = { kind: 'branch', ref: 'main' };
export const CONTRACTS = 'contracts/b..main';
export const CONTRACTS_REPO = 'o/contracts';
/** Where people work apart from `main`; whatever starts with `auto/` gets clones by itself. */
export const branches: readonly RevisionRef[] = ['x', 'feature/y', 'auto/z'].map((ref) => ({
  kind: 'branch',
  ref,
}));

export const installation: Installation = {
  build: 'contracts',
  repo: { owner: 'o', name: 'contracts' },
  revision: main,
  account: { name: 'w', id: '111111111111' },
  region: 'us-west-1',
};
