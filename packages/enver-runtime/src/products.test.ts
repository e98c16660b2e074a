import { describe, expect, it } from 'vitest';
import { parseOutputs } from './outputs-file.js';
import { checkProducts } from './products.js';
import { MAX_VALUE_BYTES } from './protocol.js';
import { api, entry, product } from './testing/entries.js';

const contract = entry({ products: [product('name'), product('api', api)] });
const goodApi = 'api={"url":"http://a/","stage":"x"}';

function check(...lines: string[]) {
  return checkProducts(contract, parseOutputs(lines.join('\n')));
}
function codes(...lines: string[]) {
  return check(...lines).problems.map(({ code, where }) => `${code} ${where}`);
}

describe('checkProducts', () => {
  it('makes canonical JSON of text and of JSON', () => {
    expect(check('name="x"', goodApi)).toEqual({
      problems: [],
      products: [
        { name: 'name', path: '/odmd-share/shop/b..main/name', value: '"\\"x\\""' },
        { name: 'api', path: '/odmd-share/shop/b..main/api', value: '{"stage":"x","url":"http://a/"}' },
      ],
    });
  });

  it.each([
    ['an empty text', 'name='],
    ['an SSM placeholder', 'name=a{{b'],
    ['a NUL', 'name=a\0b'],
    // Two quotes are part of the value.
    ['one byte too many', `name=${'é'.repeat((MAX_VALUE_BYTES - 2) / 2)}x`],
  ])('refuses %s', (_, line) => {
    expect(codes(line, goodApi)).toEqual(['ODMD534 product name']);
  });

  it('takes a value of just the greatest size', () => {
    expect(codes(`name=${'é'.repeat((MAX_VALUE_BYTES - 2) / 2)}`, goodApi)).toEqual([]);
  });

  it('tells text that should be JSON without repeating it', () => {
    const { problems } = check('name=x', 'api=secret');
    expect(problems).toMatchObject([{ code: 'ODMD533', where: 'product api' }]);
    expect(JSON.stringify(problems)).not.toContain('secret');
  });

  it('names an undeclared output, but only by its line where a value may have been torn apart', () => {
    expect(codes('name=x', goodApi, 'more=1')).toEqual(['ODMD531 output more, line 3 of $ODMD_OUTPUT']);
    expect(codes('name=-----BEGIN KEY-----', 'c2VjcmV0', 'c2VjcmV0cw==', goodApi)).toEqual([
      'ODMD530 line 2 of $ODMD_OUTPUT',
      'ODMD531 line 3 of $ODMD_OUTPUT',
    ]);
  });
});
