import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { value, written } from './text.js';

/** What begins an expression, as a text in which it is none. */
const START = ['$', '{{'].join('');
/** As GitHub reads it: an expression that is a quoted string stands for the string. */
const evaluated = (text: string) => text.replaceAll(`${START} '${START}' }}`, START);

describe('a text', () => {
  it('has references where they were put', () => {
    expect(written(['odmd-', value('github.ref'), '!'])).toBe(`odmd-${START} github.ref }}!`);
  });

  it('never has another expression, however its pieces are cut', () => {
    const pieces = fc.array(fc.constantFrom('$', '{', '{{', START, '}}', ' github.token ', "'", 'a'));
    fc.assert(
      fc.property(pieces, (parts) => {
        const result = written(parts);
        expect(evaluated(result)).toBe(parts.join(''));
        const expressions = [...result.matchAll(/\$\{\{(.*?)\}\}/gs)].map(([, inner]) => inner);
        expect(expressions.every((inner) => inner === ` '${START}' `)).toBe(true);
        expect(written(parts.join(''))).toBe(result);
      }),
      { numRuns: 2000 },
    );
  });
});
