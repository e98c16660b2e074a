import { NOT_ALWAYS_SEEN, NOT_SEEN } from '../least-privilege-cases.js';

/**
 * Statements that neither the platform nor the jobs of the example org need, since nothing is changed or removed there and
 * its jobs do nothing but read and publish: those of which the life of the small org would fail without a use.
 */
const NEEDED_BY_SMALL_ORG = [
  'api Announce',
  'api CountWork',
  'api KnowRepositories',
  'build ChangeOwnStacks',
  'build FindArtifactBucket',
  'build FollowOwnStacks',
  'build ListOwnAssets',
  'build PassOwnExecRole',
  'exec DeployDeclaredServices',
  'exec KeepOwnRoles',
  'exec MakeOwnRolesBelowBoundary',
  'exec PassOwnRoles',
  'odmd-provisioner FollowStacksOfEnvers',
  'odmd-provisioner KeepRoles',
  'odmd-provisioner PassExecRoles',
  'odmd-provisioner RemoveAssetsOfEnvers',
  'odmd-provisioner RemoveStacksOfEnvers',
  'reconciler Alarm',
  'reconciler RemoveValuesOfWhatIsGone',
  'runtime GoToCentral',
  'runtime ReadProducts',
  'schedule KnowRepositories',
  'schedule ReadManifests',
];

/** All that may be used by nothing but a test's attempt when the example org is deployed, each with its reason. */
export const NOT_USED_HERE: Readonly<Record<string, string>> = {
  ...NOT_SEEN,
  ...NOT_ALWAYS_SEEN,
  ...Object.fromEntries(NEEDED_BY_SMALL_ORG.map((statement) => [statement, 'the small org needs it'])),
  'build ReadConsumedArtifacts':
    'the jobs here fetch none; that each may be fetched by its consumers, and by nobody else, is tried',
  'exec DeployDeclaredGlobalServices': 'the stacks that tests make here have nothing of a global service',
};
