import type { Listed } from './entry.js';

/** The codes of local-platform. */
export const localPlatformCodes: Listed = {
  ODMD601: { title: 'Settings of the platform are not legal', fix: 'Correct every one that is listed.' },
  ODMD602: {
    title: 'Jobs would not find `odmd-enver`',
    fix: 'Name a folder whose node_modules has @ondemandenv/enver-runtime with --toolchain.',
  },
  ODMD603: {
    title: 'A platform already runs in this folder',
    fix: 'Stop it with `odmd local stop`, or use another folder with --home.',
  },
  ODMD604: { title: 'The port of the platform is not to be had', fix: 'Choose another one with --port.' },
  ODMD605: {
    title: 'The folder of the platform cannot be used',
    fix: 'Name a folder that can be written to with --home.',
  },
  ODMD606: {
    title: 'An enver may not run jobs now',
    fix: 'Push again what has to be deployed: it is not in the contracts, or is being removed.',
  },
  ODMD607: {
    title: 'The folder belongs to other contracts',
    fix: 'Start it with the settings it was made with, or name another folder with --home.',
  },
  ODMD610: {
    title: 'A process cannot be started',
    fix: 'Look whether the folder and the program exist and may be used.',
  },
  ODMD620: { title: 'A git command failed', fix: "Read git's own words, which follow." },
  ODMD621: {
    title: 'The name of a repository is not legal',
    fix: 'Write it as owner/name, of letters, digits, `.`, `_` and `-`.',
  },
  ODMD622: { title: 'A commit is not in the repository', fix: 'Push it.' },
  ODMD623: { title: 'A repository does not exist on the platform', fix: 'Push to it first.' },
  ODMD630: { title: 'A job has no repository', fix: 'Push the repository to the platform.' },
  ODMD631: {
    title: 'The commit has no such working directory',
    fix: "Correct the build's `workDir` in the contracts, or add the folder.",
  },
  ODMD641: {
    title: 'No port for services is free',
    fix: 'Stop services that are not needed, or give more ports with --service-ports.',
  },
  ODMD642: {
    title: 'A service did not become ready',
    fix: 'Read its last lines; it has to listen on 127.0.0.1 at the port in `$PORT`.',
  },
  ODMD643: { title: 'The port of a service is used by another program', fix: 'End that program.' },
  ODMD644: { title: 'The folder of a service does not exist', fix: 'Start it in a folder of the job.' },
  ODMD645: {
    title: 'The platform is stopping and starts nothing any more',
    fix: 'Start it again with `odmd local start`.',
  },
  ODMD650: {
    title: 'A request has no valid token',
    fix: 'Use `odmd`, which finds the token in the folder of the platform.',
  },
  ODMD651: {
    title: 'A token does not allow a request',
    fix: 'Declare in the contracts what the enver publishes and consumes.',
  },
  ODMD652: { title: 'A request is not legal', fix: 'Use the same release of the tools as of the platform.' },
  ODMD653: { title: 'A request is too large', fix: 'Send less.' },
  ODMD654: { title: 'What a request asks for does not exist', fix: 'Correct its name.' },
  ODMD655: { title: 'The platform failed to answer', fix: "Read the platform's own log." },
  ODMD660: {
    title: 'No platform runs in this folder',
    fix: 'Start one with `odmd local start`, or name its folder with --home.',
  },
  ODMD661: {
    title: 'The platform is still busy, or still stopping',
    fix: 'Try again later, or give --timeout more seconds.',
    later: true,
  },
  ODMD662: {
    title: 'The answer of the platform was not understood',
    fix: 'Use the same release of `odmd` as of the platform.',
  },
};
