import { execFileSync } from 'node:child_process';

const {
  ODMD_INPUT_GREETING,
  ODMD_INPUT_MANAGER,
  ODMD_INPUT_PRICES,
  ODMD_INPUT_PROCESSOR,
  ODMD_INPUT_SPECIALS,
} = process.env;
const variables = {
  GREETING: ODMD_INPUT_GREETING,
  SPECIALS: ODMD_INPUT_SPECIALS,
  PRICES: ODMD_INPUT_PRICES,
  MANAGER_URL: JSON.parse(ODMD_INPUT_MANAGER).url,
  PROCESSOR_URL: JSON.parse(ODMD_INPUT_PROCESSOR).url,
};

// Values travel in the environment: everybody on this machine sees what a command line says.
const start = ['local', 'service', 'start', 'web', '--health', '/health'];
const options = Object.keys(variables).flatMap((name) => ['--env', name]);
execFileSync('odmd', [...start, ...options, '--', 'node', 'server.mjs'], {
  env: { ...process.env, ...variables },
  stdio: 'inherit',
});
