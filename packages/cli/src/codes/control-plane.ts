import type { Listed } from './entry.js';

/** The codes of control-plane: 3xx of commit commands and clones, 4xx of the sync and deployments. */
export const controlPlaneCodes: Listed = {
  ODMD301: {
    title: 'An `odmd:` line of a commit message was not understood',
    fix: 'Write `odmd: create@<branch or tag>`, `odmd: create <build>@<branch or tag>` or `odmd: delete`.',
  },
  ODMD302: {
    title: 'An `odmd:` line names a build that is not one of its repository',
    fix: 'Name a build that the contracts declare for this repository.',
  },
  ODMD303: {
    title: 'An `odmd: delete` found nothing to delete',
    fix: 'Nothing has to be done: this branch has no clone, or its enver is one of the contracts.',
  },
  ODMD304: {
    title: 'An `odmd: create` names a branch or tag of which no enver can be copied',
    fix: 'Name the branch or tag of an enver that the contracts declare for this repository.',
  },
  ODMD305: {
    title: 'The enver is never cloned',
    fix: 'Set its `clones` in the contracts, unless it is a singleton such as the contracts themselves.',
  },
  ODMD306: {
    title: 'The clone is still being deleted',
    fix: 'Ask again in a new commit when it is gone.',
  },
  ODMD307: {
    title: 'Another branch has a clone of the same name',
    fix: 'Rename one of the two branches: their names differ only in characters that names of clones do not keep.',
  },
  ODMD308: {
    title: 'The branch already has an enver of this build',
    fix: 'Delete it first, or use another branch: a build has one enver on a branch.',
  },
  ODMD309: {
    title: 'A clone for a tag would consume products of a branch',
    fix: 'Make the clone for a branch, or copy an enver that consumes tags only.',
  },
  ODMD310: {
    title: 'The enver has as many clones as it may have',
    fix: 'Delete one that is not needed with `odmd: delete` on its branch, or raise `clones.max` in the contracts.',
  },
  ODMD401: {
    title: 'The manifest of the applied contracts is gone',
    fix: 'Put it back where it was: `odmd synth` at the commit that the message names writes the same again (docs/install.md says where it lies).',
  },
  ODMD402: {
    title: 'Contracts were announced whose manifest was never uploaded',
    fix: 'Run the enver of the contracts again.',
  },
  ODMD403: {
    title: 'The uploaded manifest is not the one that was announced',
    fix: 'Run the enver of the contracts again.',
  },
  ODMD404: {
    title: 'The platform was installed for another contractsLib',
    fix: 'Declare the ContractsLibEnver under the build, repository and branch of the installation.',
  },
  ODMD405: {
    title: 'New contracts do not follow the applied ones',
    fix: 'Push contracts whose history contains the applied commit: merge it, do not rewrite the branch. Or have somebody who runs the platform force it (`odmd sync --force <commit>`).',
  },
  ODMD406: {
    title: 'What should be deployed is no enver that can be',
    fix: 'Name an enver of the applied contracts or a clone, as `odmd status` shows it.',
  },
  ODMD407: {
    title: 'An enver does not wait for this approval',
    fix: 'Look at `odmd status` again: a newer version voids the request for an older one.',
  },
  ODMD408: {
    title: 'Somebody else has to approve',
    fix: 'Ask one of the roles that the contracts name as approvers.',
  },
  ODMD409: {
    title: 'What the enver of the contracts published is not of its type',
    fix: 'Publish the contractsLib with `odmd-enver publish`, of the same release as the platform.',
  },
  ODMD410: {
    title: 'What should be retired has not left the contracts',
    fix: 'Take the enver out of the contracts first; a clone goes with `odmd: delete` on its branch.',
  },
  ODMD411: {
    title: 'New contracts change what an enver that was built from a tag consumes',
    fix: 'Give it back what it consumed, and declare an enver of a new tag for the change.',
  },
  ODMD412: {
    title: 'Privileged changes of the contracts wait for an approval',
    fix: 'Have them granted by one of the roles that the installation names, or take them back.',
  },
  ODMD413: {
    title: 'A command was given for a branch or tag that does not exist',
    fix: 'Push the branch or tag first, or name another.',
  },
  ODMD414: {
    title: 'Other contracts were published last than those that should be forced',
    fix: 'Name the commit of the newest ones; publish others with the job of the contracts.',
  },
  ODMD420: {
    title: 'The event bus did not take events of the platform',
    fix: 'They are sent again with the next attempt; look at the rights of the platform when it goes on.',
  },
  ODMD421: {
    title: 'A stack of an enver can be neither made nor removed',
    fix: 'Remove what keeps it from going (it is tried again by itself), or delete the stack by hand.',
  },
  ODMD422: {
    title: 'The provisioner of the platform failed',
    fix: 'It is tried again by itself; its log says more.',
  },
  ODMD423: {
    title: 'The queue did not take hints of the platform',
    fix: 'They are sent again with the next attempt; look at the rights of the platform when it goes on.',
  },
  ODMD424: {
    title: 'What the jobs of an enver uploaded cannot be deleted',
    fix: 'Deploy the stack `odmd-account` of the account again: its role for the platform has to be able to.',
  },
  ODMD430: {
    title: 'Another repository has the name of one that the platform knows',
    fix: 'Give the old one its name back; if the new one is meant, delete the parameter `/odmd-state/repos/<owner>/<name>`.',
  },
  ODMD431: {
    title: 'A repository that the platform knows cannot be found under its name any more',
    fix: 'Install the GitHub App for it, or write its new name into the contracts.',
  },
  ODMD432: {
    title: 'A commit is not in the repository',
    fix: 'Push it again; a force push may have removed it.',
  },
  ODMD433: {
    title: 'GitHub refused what the platform asked for',
    fix: 'Look at the permissions of the GitHub App and at the repositories that it is installed for.',
  },
  ODMD434: {
    title: 'GitHub does not start a workflow',
    fix: 'Merge the pull request that adds it, enable it if somebody disabled it, or take back what was changed in its file by hand.',
  },
  ODMD435: {
    title: 'A job was to be dispatched for an enver of which there is no contract entry any more',
    fix: 'Publish the contracts again that declare it: its workflow is found by its entry.',
  },
  ODMD436: {
    title: 'A webhook was not signed with the secret of the platform',
    fix: 'Give the platform the webhook secret that the GitHub App has; while it is being changed, both.',
  },
  ODMD437: {
    title: 'A webhook was too large',
    fix: 'Nothing has to be done: the next sweep finds what it was about.',
  },
  ODMD438: {
    title: 'A webhook was signed but could not be read',
    fix: 'Set the content type of the webhooks of the GitHub App to `application/json`.',
  },
};
