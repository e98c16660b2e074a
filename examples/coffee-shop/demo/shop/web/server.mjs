import { createServer } from 'node:http';
import { page } from './page.mjs';

const { GREETING, MANAGER_URL, ODMD_ENVER, PORT, PRICES, PROCESSOR_URL, SPECIALS } = process.env;
const shop = { enver: ODMD_ENVER, greeting: GREETING, specials: SPECIALS, prices: JSON.parse(PRICES) };

const get = async (url) => (await fetch(url)).json();

/** What this page was deployed with, and what the services behind it say now. */
async function live() {
  const [menu, manager, processor] = await Promise.all([
    get(`${MANAGER_URL}/menu`),
    get(`${MANAGER_URL}/specials`),
    get(`${PROCESSOR_URL}/prices`),
  ]);
  return { ...shop, menu, manager, processor };
}

const routes = {
  '/': async () => [200, 'text/html; charset=utf-8', page(await live())],
  '/shop.json': async () => [200, 'application/json', JSON.stringify(await live())],
  '/health': async () => [200, 'application/json', JSON.stringify({ enver: ODMD_ENVER })],
};

createServer(async (request, response) => {
  const route = routes[request.url];
  const unavailable = (error) => [502, 'text/plain', `a service behind this page: ${error.message}\n`];
  const [status, type, body] = route ? await route().catch(unavailable) : [404, 'text/plain', 'not found\n'];
  response.writeHead(status, { 'content-type': type });
  response.end(body);
}).listen(Number(PORT), '127.0.0.1');
