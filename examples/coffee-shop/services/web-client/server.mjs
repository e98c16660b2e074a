import { createServer } from 'node:http';

const { ODMD_ENVER = '', ORDERS_URL, PORT, SIGN_IN_CLIENT, SIGN_IN_URL } = process.env;

const safe = (text) => String(text).replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** What was ordered how often, as the manager says. */
async function page() {
  const counts = await (await fetch(new URL('/orders', ORDERS_URL))).json();
  const rows = Object.entries(counts).map(
    ([drink, count]) => `<tr><td>${safe(drink)}</td><td>${safe(count)}</td></tr>`,
  );
  const signIn = new URL('/login', SIGN_IN_URL);
  signIn.searchParams.set('client_id', SIGN_IN_CLIENT);
  signIn.searchParams.set('response_type', 'code');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Coffee shop</title>
<h1>Coffee shop</h1>
<p><a href="${safe(signIn)}">Sign in to order</a></p>
<table>${rows.join('\n')}</table>
<p><small>${safe(ODMD_ENVER)}</small></p>
</html>
`;
}

const routes = {
  '/': async () => [200, 'text/html; charset=utf-8', await page()],
  '/callback': async () => [200, 'text/plain', 'signed in\n'],
  '/health': async () => [200, 'application/json', '{"ok":true}'],
};

createServer(async (request, response) => {
  const route = routes[request.url.split('?')[0]];
  const unavailable = () => [502, 'text/plain', 'the manager does not answer\n'];
  const [status, type, body] = route ? await route().catch(unavailable) : [404, 'text/plain', 'not found\n'];
  response.writeHead(status, { 'content-type': type });
  response.end(body);
}).listen(Number(PORT), '127.0.0.1');
