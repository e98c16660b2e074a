import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';

// `domain` and `certificate` are for a deployment to CloudFront; on a laptop the server is its own front.
const { ODMD_INPUT_ORDERS, ODMD_INPUT_SIGNIN, ODMD_OUTPUT } = process.env;
const orders = JSON.parse(ODMD_INPUT_ORDERS);
const signIn = JSON.parse(ODMD_INPUT_SIGNIN);

// Values travel in the environment: everybody on this machine sees what a command line says.
const variables = { ORDERS_URL: orders.url, SIGN_IN_URL: signIn.url, SIGN_IN_CLIENT: signIn.clientId };
const start = ['local', 'service', 'start', 'web-client', '--json', '--health', '/health'];
const options = Object.keys(variables).flatMap((name) => ['--env', name]);
const env = { ...process.env, ...variables };
const { url } = JSON.parse(execFileSync('odmd', [...start, ...options, '--', 'node', 'server.mjs'], { env }));

appendFileSync(ODMD_OUTPUT, `url=${url}\ncallback=${new URL('/callback', url)}\n`);
