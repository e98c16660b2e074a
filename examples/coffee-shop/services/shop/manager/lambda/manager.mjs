/**
 * Answers the requests of a function URL: `GET /orders` says what was ordered how often, `POST /orders` with
 * `{"drink": "…"}` orders it for the guest who signed in.
 */
export function createManager({ guest, price, counts, put }) {
  const routes = {
    'GET /health': async () => [200, { ok: true }],
    'GET /orders': async () => [200, await counts()],
    'POST /orders': async ({ headers, body }) => {
      const who = await guest(headers?.authorization);
      if (who === undefined) return [401, { error: 'sign in first' }];
      const drink = drinkOf(body);
      if (drink === undefined) return [400, { error: 'expected {"drink": "…"}' }];
      const cents = await price(drink);
      if (cents === undefined) return [404, { error: 'this drink is not on the menu' }];
      await put({ guest: who, drink, cents: Number(cents) });
      return [202, { drink }];
    },
  };
  return async (event) => {
    const route = routes[`${event.requestContext.http.method} ${event.rawPath}`];
    const [statusCode, body] = route ? await route(event) : [404, { error: 'not found' }];
    return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  };
}

function drinkOf(body) {
  try {
    const { drink } = JSON.parse(body);
    return typeof drink === 'string' && drink !== '' ? drink : undefined;
  } catch {
    return undefined;
  }
}
