import { createPublicKey, verify } from 'node:crypto';

/**
 * The guest whose token this is, `undefined` when it is nobody's: signed by the issuer with RS256, of this issuer, and
 * not over. https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
 *
 * @param authorization `Bearer …`
 * @param fetch gets the keys of the issuer
 */
export async function guestOf(authorization, issuer, fetch, now = Date.now()) {
  const [, token] = /^Bearer (\S+)$/i.exec(authorization ?? '') ?? [];
  const [head, body, signature, ...more] = token?.split('.') ?? [];
  if (signature === undefined || more.length > 0) return undefined;
  const { alg, kid } = parse(head);
  const { sub, iss, exp } = parse(body);
  if (alg !== 'RS256' || iss !== issuer || !(exp * 1000 > now)) return undefined;
  const { keys } = await (await fetch(`${issuer}/.well-known/jwks.json`)).json();
  const jwk = keys.find((key) => key.kid === kid);
  if (jwk === undefined) return undefined;
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const signed = verify(
    'RSA-SHA256',
    Buffer.from(`${head}.${body}`),
    key,
    Buffer.from(signature, 'base64url'),
  );
  return signed ? sub : undefined;
}

function parse(part) {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString()) ?? {};
  } catch {
    return {};
  }
}
