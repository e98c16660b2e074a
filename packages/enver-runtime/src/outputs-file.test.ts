import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseOutputs } from './outputs-file.js';

function values(file: string): Record<string, string> {
  return Object.fromEntries([...parseOutputs(file).outputs.values()].map(({ name, text }) => [name, text]));
}

it.each([
  ['a line', 'a=1', { a: '1' }],
  ['nested names and further signs', 'bus/source=x=y<<z\n', { 'bus/source': 'x=y<<z' }],
  ['an empty value', 'a=\n', { a: '' }],
  ['white space as it is', 'a= 1 \n', { a: ' 1 ' }],
  ['lines ended by CRLF', 'a=1\r\nb<<E\r\nx\r\ny\r\nE\r\n', { a: '1', b: 'x\r\ny' }],
  ['several lines', 'a<<END\nx=1\n\n y\nEND\nb=2\n', { a: 'x=1\n\n y', b: '2' }],
  ['no line', 'a<<END\nEND', { a: '' }],
  ['= after <<', 'a<<E=F\n1\nE=F\n', { a: '1' }],
  ['the last of two', 'a=1\na=2\n', { a: '2' }],
  ['nothing', '\n\r\n', {}],
])('reads %s', (_, file, expected) => {
  expect(parseOutputs(file).problems).toEqual([]);
  expect(values(file)).toEqual(expected);
});

it('names the lines that are no output, and never what is in them', () => {
  const { outputs, problems } = parseOutputs('a=1\nsecret words\n\n=x\n<<E\nb<<\nc=3\nd<<END\nsecret\n');
  expect([...outputs.values()]).toEqual([
    { name: 'a', text: '1', line: 1 },
    { name: 'c', text: '3', line: 7 },
  ]);
  expect(problems.map(({ line }) => line)).toEqual([2, 4, 5, 6, 8]);
  expect(JSON.stringify(problems)).not.toContain('secret');
});

it('gives back any text between delimiters that do not occur in it', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '=', '<<', '\n', '\r\n', ' ', 'é', '{', '"') });
  fc.assert(
    fc.property(text, text, (a, b) => {
      const file = `a<<--END--\n${a}\n--END--\nb<<--END--\n${b}\n--END--\n`;
      expect(values(file)).toEqual({ a, b });
    }),
  );
});
