import { execFileSync } from 'node:child_process';

const start = ['local', 'service', 'start', 'web', '--json', '--health', '/health'];
const env = {
  GREETING: process.env.ODMD_INPUT_GREETING,
  SPECIALS: process.env.ODMD_INPUT_SPECIALS,
  PRICES: process.env.ODMD_INPUT_PRICES,
  MANAGER_URL: JSON.parse(process.env.ODMD_INPUT_MANAGER).url,
  PROCESSOR_URL: JSON.parse(process.env.ODMD_INPUT_PROCESSOR).url,
};
const options = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
execFileSync('odmd', [...start, ...options, '--', 'node', 'server.mjs'], { stdio: 'inherit' });
