import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import { guestOf } from './guest.mjs';
import { createManager } from './manager.mjs';

const ISSUER = 'https://issuer.example';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1' }];
const fetchKeys = async () => ({ json: async () => ({ keys }) });

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

function token(claims = {}, head = {}, key = privateKey) {
  const body = { sub: 'guest-1', iss: ISSUER, exp: 2_000_000_000, ...claims };
  const signed = `${part({ alg: 'RS256', kid: 'k1', ...head })}.${part(body)}`;
  return `Bearer ${signed}.${sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`;
}

const guest = (authorization) => guestOf(authorization, ISSUER, fetchKeys, 1_900_000_000_000);

test('a guest is who has a token of the issuer', async () => {
  assert.equal(await guest(token()), 'guest-1');
});

test('nobody is who has another token, or none', async () => {
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const bad = [
    undefined,
    'Basic abc',
    'Bearer a.b',
    'Bearer a.b.c',
    token({ iss: 'https://other.example' }),
    token({ exp: 1_800_000_000 }),
    token({ exp: undefined }),
    token({}, { alg: 'none' }),
    token({}, { kid: 'k2' }),
    token({}, {}, other),
  ];
  for (const authorization of bad) assert.equal(await guest(authorization), undefined);
});

test('an order is put on the bus with its price', async () => {
  const orders = [];
  const manager = createManager({
    guest,
    price: async (drink) => (drink === 'espresso' ? '250' : undefined),
    counts: async () => ({ espresso: 1 }),
    put: async (order) => orders.push(order),
  });
  const call = async (method, body, authorization = token()) => {
    const event = {
      rawPath: '/orders',
      body,
      headers: { authorization },
      requestContext: { http: { method } },
    };
    return (await manager(event)).statusCode;
  };
  assert.equal(await call('POST', '{"drink":"espresso"}'), 202);
  assert.deepEqual(orders, [{ guest: 'guest-1', drink: 'espresso', cents: 250 }]);
  assert.equal(await call('POST', '{"drink":"espresso"}', 'Bearer x'), 401);
  assert.equal(await call('POST', '{"drink":"soup"}'), 404);
  assert.equal(await call('POST', 'not json'), 400);
  assert.equal(await call('GET'), 200);
  assert.equal(await call('DELETE'), 404);
  assert.equal(orders.length, 1);
});
