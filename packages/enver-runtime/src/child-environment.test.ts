import { describe, expect, it } from 'vitest';
import { childEnvironment } from './child-environment.js';
import { entry } from './testing/entries.js';

describe('childEnvironment', () => {
  it('passes on what it inherits, but no input of another enver', () => {
    const inherited = { PATH: '/bin', ODMD_JOB_TOKEN: 'token', ODMD_ENVER: 'x/b..y', ODMD_INPUT_OLD: 'old' };
    expect(
      childEnvironment(inherited, entry(), { 'my.bus': 'a', list: [1, { b: 1, a: 2 }] }, '/i.json'),
    ).toEqual({
      PATH: '/bin',
      ODMD_JOB_TOKEN: 'token',
      ODMD_ENVER: 'shop/b..main',
      ODMD_BUILD: 'shop',
      ODMD_REVISION: 'main',
      ODMD_INPUTS: '/i.json',
      ODMD_INPUT_MY_BUS: 'a',
      ODMD_INPUT_LIST: '[1,{"a":2,"b":1}]',
    });
  });

  it('refuses a value that no variable can carry', () => {
    expect(() => childEnvironment({}, entry(), { bus: 'secret\0' }, '/i.json')).toThrow(
      expect.objectContaining({ code: 'ODMD522', where: 'input bus' }),
    );
  });
});
