import { createServer } from 'node:http';

const { ODMD_ENVER, PORT, PRICES } = process.env;

const routes = {
  '/health': () => ({ enver: ODMD_ENVER }),
  '/prices': () => ({ enver: ODMD_ENVER, prices: JSON.parse(PRICES) }),
};

createServer((request, response) => {
  const route = routes[request.url];
  response.writeHead(route ? 200 : 404, { 'content-type': 'application/json' });
  response.end(JSON.stringify(route ? route() : { error: 'not found' }));
}).listen(Number(PORT), '127.0.0.1');
