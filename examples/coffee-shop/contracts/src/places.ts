import { type Place, Revision } from '@ondemandenv/contracts-base';

/** Only the platform lives in `central`; what serves everybody is in `networking`; teams share the workspaces. */
export const ACCOUNTS = {
  central: { id: '111111111111', central: true },
  networking: { id: '222222222222', production: true },
  workspace0: { id: '333333333333' },
  workspace1: { id: '444444444444' },
};

/** `shop` has the builds that the team of the orders changes together: a branch of it is a branch of them all. */
export const REPOS = {
  contracts: { owner: 'coffee-shop', name: 'contracts' },
  networking: { owner: 'coffee-shop', name: 'networking' },
  foundation: { owner: 'coffee-shop', name: 'foundation' },
  shop: { owner: 'coffee-shop', name: 'shop' },
  'user-auth': { owner: 'coffee-shop', name: 'user-auth' },
  'web-client': { owner: 'coffee-shop', name: 'web-client' },
  'order-events': { owner: 'coffee-shop', name: 'order-events' },
};

const HOME_REGION = 'us-west-1';
/** Where CloudFront takes certificates from. */
const GLOBAL_REGION = 'us-east-1';
/** The platform lives in the first. */
export const REGIONS = [HOME_REGION, GLOBAL_REGION];

const home = { revision: Revision.branch('main'), region: HOME_REGION };

export const networking: Place = { ...home, account: 'networking' };
export const workspace0: Place = { ...home, account: 'workspace0' };
export const workspace1: Place = { ...home, account: 'workspace1' };
export const worldwide: Place = { ...workspace1, region: GLOBAL_REGION };
