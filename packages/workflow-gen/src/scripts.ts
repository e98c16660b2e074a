/**
 * The scripts of generated workflows: constant text, for bash with `-eo pipefail`. Values reach them as variables.
 */

/** The release of the toolchain that jobs install: that of this package. */
export const TOOLCHAIN_VERSION = '0.1.0';
/** For repositories whose lock file is pnpm's; pnpm itself changes over to the release that `packageManager` names. */
const PNPM_VERSION = '10.34.9';

/** A ref given instead of a sha could have moved since; and what is built has to be what is recorded. */
export const CHECK_COMMIT = `if [ "$(git rev-parse HEAD)" != "$ODMD_SHA" ]; then
  echo '::error::What was checked out is not the commit of the input "sha", which has to be a full sha.'
  exit 1
fi
`;

/** Outside the checkout, where no file of the repository has a say; first on the PATH of all further steps. */
export function installToolchain(packages: readonly ('enver-runtime' | 'cli')[]): string {
  const wanted = packages.map((name) => `@ondemandenv/${name}@${TOOLCHAIN_VERSION}`).join(' ');
  return `mkdir -p "$RUNNER_TEMP/odmd"
cd "$RUNNER_TEMP/odmd"
npm install --prefix . --ignore-scripts --no-package-lock ${wanted}
echo "$RUNNER_TEMP/odmd/node_modules/.bin" >> "$GITHUB_PATH"
`;
}

/**
 * What the lock file at the root of the repository says, and nothing without one. Scripts of dependencies are not
 * given what the job proves itself with.
 */
export const INSTALL_DEPENDENCIES = `unset ACTIONS_ID_TOKEN_REQUEST_URL ACTIONS_ID_TOKEN_REQUEST_TOKEN
if [ -f package-lock.json ] || [ -f npm-shrinkwrap.json ]; then
  npm ci
elif [ -f pnpm-lock.yaml ]; then
  npx --yes pnpm@${PNPM_VERSION} install --frozen-lockfile
else
  echo 'No lock file of npm or pnpm at the root of the repository: nothing to install here.'
fi
`;

/** npm asks for nothing but packages. */
export const QUIET_NPM = {
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
} as const;

/** Commands of `odmd-enver` that jobs run. */
export type EnverCommand = 'resolve' | 'run' | 'publish' | 'destroy';

/** 75 is no failure: the job ends well, and the steps after this one are left out. */
export function enverScript(command: EnverCommand): string {
  return `code=0
odmd-enver ${command} || code=$?
if [ "$code" -eq 75 ]; then
  echo 'later=true' >> "$GITHUB_OUTPUT"
else
  exit "$code"
fi
`;
}

/** Says on the page of the run why nothing came of it. */
export const SAY_LATER = `{
  echo '### Superseded or waiting'
  echo
  echo 'A newer dispatch took over, or an input is not there yet: the log of the step before says which.'
  echo 'This is no failure, and there is nothing to do: the platform starts the next run by itself.'
} >> "$GITHUB_STEP_SUMMARY"
`;
