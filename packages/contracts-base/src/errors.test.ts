import { describe, expect, it } from 'vitest';
import { formatError, formatFinding, OdmdError } from './errors.js';

describe('formatError', () => {
  it('gives the place, the problem and the fix, and never a stack', () => {
    const cause = new Error('low level');
    const error = new OdmdError('ODMD203', 'not a manifest', {
      where: 'a.json',
      fix: 'write it again',
      cause,
    });
    expect(formatError(error)).toBe('ODMD203 a.json: not a manifest\n  fix: write it again');
    expect(error).toMatchObject({ name: 'OdmdError', cause });
  });

  it('knows the errors of another copy of this library by their shape', () => {
    const foreign = Object.assign(new Error('broken'), { code: 'ODMD999', where: 'there', fix: 'mend it' });
    expect(formatError(foreign)).toBe('ODMD999 there: broken\n  fix: mend it');
  });

  it.each([
    [Object.assign(new Error('no such file'), { code: 'ENOENT' }), 'no such file'],
    [new TypeError('x is not a function'), 'x is not a function'],
    ['a text', 'a text'],
    [undefined, 'undefined'],
  ])('gives the message of anything else', (thrown, text) => {
    expect(formatError(thrown)).toBe(text);
  });
});

describe('formatFinding', () => {
  it('leaves out what is not there', () => {
    expect(formatFinding({ code: 'ODMD101', message: 'broken' })).toBe('ODMD101 broken');
  });
});
