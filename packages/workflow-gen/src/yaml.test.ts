import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { expression } from './testing/expression.js';
import { block, commented, literal, mapping, print, sequence, text, type Yaml } from './yaml.js';

/** What both versions of YAML that are in use read. */
function read(document: Yaml): unknown {
  const bytes = print(document);
  const [one, two] = (['1.1', '1.2'] as const).map((version) => parse(bytes, { version }));
  expect(one).toEqual(two);
  return two;
}

/** Strings made of the pieces that YAML gives a meaning to, and any others. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }).filter((made) => !/\p{Surrogate}/u.test(made)),
  fc
    .array(
      fc.constantFrom(
        ...['a', 'yes', ' ', '  ', '\n', '\n\n', '\t', '\r', ':', ': ', '#', ' #', '- ', '-', '? ', '"', "'"],
        ...[
          '\\',
          '|',
          '>',
          '&a',
          '*a',
          '!t',
          '%',
          '@',
          '`',
          '{',
          '}',
          '[',
          ']',
          ',',
          '---',
          '...',
          '0x1',
          '1e3',
        ],
        ...[
          '~',
          'null',
          '<<',
          '=',
          '2026-11-21',
          '功',
          '🎉',
          '\u2028',
          '\ufeff',
          '\u0085',
          '\0',
          expression('x'),
        ],
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
);

describe('strings', () => {
  it('are read back as they are, whatever is in them', () => {
    fc.assert(
      fc.property(hostile, (made) => {
        expect(read(mapping(['key', text(made)], ['next', literal(true)]))).toEqual({
          key: made,
          next: true,
        });
        expect(read(sequence([text(made), block(made)]))).toEqual([made, made]);
        expect(read(mapping([made, sequence([mapping([made, block(made)])])]))).toEqual({
          [made]: [{ [made]: made }],
        });
      }),
      { numRuns: 1500 },
    );
  });

  it.each(['true', 'No', 'on', 'y', 'NULL', 'NaN', '12', '1.0', '0o7', '012', '', '~', '2026-11-21'])(
    '%j stays text',
    (made) => expect(read(text(made))).toBe(made),
  );

  it('are plain where nothing has to be quoted', () => {
    expect(print(text('Check out the commit (a/b@c), twice'))).toBe('Check out the commit (a/b@c), twice\n');
    expect(print(text("it's"))).toBe("'it''s'\n");
    expect(print(text('功\n'))).toBe('"\\u529f\\n"\n');
  });

  it('replace half of a surrogate pair, which no file can hold', () => {
    expect(read(text('a\ud800b'))).toBe('a\ufffdb');
  });
});

describe('several lines', () => {
  it('stand as lines, nested at any depth', () => {
    const script = 'if x; then\n  echo "$y" # no comment\n\nfi\n';
    const document = mapping(['a', sequence([mapping(['run', block(script)], ['b', literal(1)])])]);
    expect(print(document)).toBe(`a:
  - run: |
      if x; then
        echo "$y" # no comment

      fi
    b: 1
`);
    expect(read(document)).toEqual({ a: [{ run: script, b: 1 }] });
  });

  it('without a newline at the end have none', () => {
    expect(print(mapping(['run', block('a\nb')]))).toBe('run: |-\n  a\n  b\n');
  });
});

describe('structure', () => {
  it('keeps the order of entries, and leaves out those without a value', () => {
    const document = mapping(['b', literal(1)], ['a', undefined], ['c', mapping()], ['d', sequence([])]);
    expect(print(document)).toBe('b: 1\nc: {}\nd: []\n');
  });

  it('takes a comment, which stays one', () => {
    const document = mapping(['uses', commented('a/b@0123', 'v1\nx: y')], ['z', literal(2)]);
    expect(print(document)).toBe('uses: a/b@0123 # v1?x: y\nz: 2\n');
    expect(read(document)).toEqual({ uses: 'a/b@0123', z: 2 });
  });
});
