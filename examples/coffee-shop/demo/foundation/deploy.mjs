import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';

const menu = JSON.parse(readFileSync('menu.json', 'utf8'));
const greeting = readFileSync('greeting.txt', 'utf8').trim();

const start = ['local', 'service', 'start', 'foundation', '--json', '--health', '/health'];
const { url } = JSON.parse(execFileSync('odmd', [...start, '--', 'node', 'server.mjs']));

appendFileSync(
  process.env.ODMD_OUTPUT,
  `api=${JSON.stringify({ url })}\ngreeting=${greeting}\nmenu=${JSON.stringify(menu)}\n`,
);
