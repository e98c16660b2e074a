import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const { ODMD_ENVER, PORT } = process.env;
const menu = JSON.parse(readFileSync('menu.json', 'utf8'));

const routes = {
  '/health': () => ({ enver: ODMD_ENVER }),
  '/menu': () => menu,
};

createServer((request, response) => {
  const route = routes[request.url];
  response.writeHead(route ? 200 : 404, { 'content-type': 'application/json' });
  response.end(JSON.stringify(route ? route() : { error: 'not found' }));
}).listen(Number(PORT), '127.0.0.1');
