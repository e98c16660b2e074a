import type { Ownership } from '@ondemandenv/contracts-base';

/** Owns whatever names no other team. */
export const PLATFORM: Ownership = { owner: 'team-platform', costCentre: 'cc-100' };
export const ORDERS: Ownership = { owner: 'team-orders', costCentre: 'cc-210' };
export const GUESTS: Ownership = { owner: 'team-guests', costCentre: 'cc-220' };
/** Who signs in, and where to: personal data. */
export const IDENTITY: Ownership = {
  owner: 'team-identity',
  costCentre: 'cc-300',
  tags: { 'data-class': 'personal' },
};
