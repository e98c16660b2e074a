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

  it.each([
    ['{"url":5,"secret":"secret"}', '{url: number, 1 undeclared}'],
    ['["secret",2]', 'list of 2'],
    ['"secret"', 'text'],
    ['null', 'null'],
    ['{"url":{"url":{"url":{"stage":"secret"}}}}', '{url: {url: {url: object}}}'],
  ])('tells the form of a value that is not of its type, and not what is in it: %s', (text, form) => {
    const { problems } = check('name=x', `api=${text}`);
    expect(problems).toMatchObject([
      { code: 'ODMD533', message: expect.stringContaining(`; it is ${form}`) },
    ]);
    expect(JSON.stringify(problems)).not.toContain('secret');
  });

  it('names an undeclared output, but only by its line where a value may have been torn apart', () => {
    expect(codes('name=x', goodApi, 'more=1')).toEqual(['ODMD531 output more, line 3 of $ODMD_OUTPUT']);
    expect(codes('name=-----BEGIN KEY-----', 'c2VjcmV0', 'c2VjcmV0cw==', goodApi)).toEqual([
      'ODMD530 line 2 of $ODMD_OUTPUT',
      'ODMD531 line 3 of $ODMD_OUTPUT',
    ]);
  });

  it('says what to do with a file where none are kept', () => {
    const artifact = { ...product('app'), kind: 'artifact' as const };
    const withFile = (text: string, filesIn?: string) =>
      checkProducts(entry({ products: [artifact] }), parseOutputs(`app=${text}`), filesIn).problems;
    expect(withFile('dist/app.zip')).toMatchObject([
      { code: 'ODMD556', where: 'product app', message: 'is a file, and this platform keeps no files' },
    ]);
    expect(withFile('no-such-file', '/')).toMatchObject([{ code: 'ODMD533' }]);
    expect(withFile('s3://bucket/key@1')).toEqual([]);
  });
});
