import { OdmdError } from '@ondemandenv/contracts-base';
import { expect, it } from 'vitest';
import { codedError } from './errors.js';

const asked = { what: 'write /p', where: '/p' };
function thrown(name: string, httpStatusCode?: number, message = 'Value secret at value'): Error {
  return Object.assign(new Error(message), {
    name,
    ...(httpStatusCode !== undefined && { $metadata: { httpStatusCode } }),
  });
}

it.each([
  ['ExpiredTokenException', 400, 'ODMD551'],
  ['ExpiredToken', 403, 'ODMD551'],
  ['CredentialsProviderError', undefined, 'ODMD550'],
  ['ThrottlingException', 400, 'ODMD553'],
  ['SlowDown', 503, 'ODMD553'],
  ['Unknown', 429, 'ODMD553'],
  ['InternalServerError', 500, 'ODMD553'],
  ['TimeoutError', undefined, 'ODMD553'],
  ['ValidationException', 400, 'ODMD554'],
])('takes %s with status %s for %s, and repeats no value', (name, status, code) => {
  const error = codedError(thrown(name, status), asked);
  expect(error).toMatchObject({ code, where: '/p', message: expect.stringContaining('write /p') });
  expect(error.message).not.toContain('secret');
  expect(error.fix).toBeDefined();
});

it.each(['AccessDeniedException', 'AccessDenied', 'InvalidIdentityToken', 'Forbidden'])(
  'says what AWS said of %s, in one line',
  (name) => {
    const error = codedError(thrown(name, 403, 'not authorized\nmore'), asked);
    expect(error).toMatchObject({ code: 'ODMD552', message: 'AWS refused to write /p: not authorized' });
    const denied = { code: 'ODMD550', fix: 'do this' };
    expect(codedError(thrown(name, 403), { ...asked, denied })).toMatchObject(denied);
  },
);

it('leaves an error that is coded as it is', () => {
  const error = new OdmdError('ODMD504', 'x');
  expect(codedError(error, asked)).toBe(error);
});
