import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';

const { ODMD_INPUT_MENU, ODMD_OUTPUT } = process.env;
const menu = JSON.parse(ODMD_INPUT_MENU);

const { percent } = JSON.parse(readFileSync('tax.json', 'utf8'));
const price = ({ name, cents }) => [name, ((cents * (100 + percent)) / 10_000).toFixed(2)];
const prices = JSON.stringify(Object.fromEntries(menu.map(price)));

const start = ['local', 'service', 'start', 'processor', '--json', '--health', '/health', '--env', 'PRICES'];
const env = { ...process.env, PRICES: prices };
const { url } = JSON.parse(execFileSync('odmd', [...start, '--', 'node', 'server.mjs'], { env }));

appendFileSync(ODMD_OUTPUT, `api=${JSON.stringify({ url })}\nprices=${prices}\n`);
