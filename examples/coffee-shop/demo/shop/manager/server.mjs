import { createServer } from 'node:http';

const { FOUNDATION_URL, ODMD_ENVER, PORT, SPECIALS } = process.env;

const routes = {
  '/health': async () => [200, { enver: ODMD_ENVER }],
  '/specials': async () => [200, { enver: ODMD_ENVER, specials: SPECIALS }],
  // Always what the foundation sells now, not what it sold when this was deployed.
  '/menu': async () => [200, await (await fetch(`${FOUNDATION_URL}/menu`)).json()],
};

createServer(async (request, response) => {
  const route = routes[request.url];
  const unavailable = (error) => [502, { error: error.message }];
  const [status, body] = route ? await route().catch(unavailable) : [404, { error: 'not found' }];
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}).listen(Number(PORT), '127.0.0.1');
