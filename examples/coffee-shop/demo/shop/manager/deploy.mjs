import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';

const { ODMD_INPUT_FOUNDATION, ODMD_INPUT_MENU, ODMD_OUTPUT } = process.env;
const menu = JSON.parse(ODMD_INPUT_MENU);
const foundation = JSON.parse(ODMD_INPUT_FOUNDATION);

const { drink, percentOff } = JSON.parse(readFileSync('special.json', 'utf8'));
const offered = menu.find(({ name }) => name === drink);
if (!offered) {
  // The drink is this service's own word; what is on the menu is another's.
  console.error(`special.json: ${drink} is not on the menu`);
  process.exit(1);
}
const specials = `${drink} for ${((offered.cents * (100 - percentOff)) / 10_000).toFixed(2)}`;

const start = ['local', 'service', 'start', 'manager', '--json', '--health', '/health'];
const variables = { FOUNDATION_URL: foundation.url, SPECIALS: specials };
const options = Object.keys(variables).flatMap((name) => ['--env', name]);
const env = { ...process.env, ...variables };
const { url } = JSON.parse(execFileSync('odmd', [...start, ...options, '--', 'node', 'server.mjs'], { env }));

appendFileSync(ODMD_OUTPUT, `api=${JSON.stringify({ url })}\nspecials=${specials}\n`);
