import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refLike, relatedRevisions } from '../testing/random-refs.js';
import { cloneRevisionPath, fullRef, parseFullRef, refProblem, refSlug, revisionPath } from './refs.js';

const anyText = fc.oneof(refLike, fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
/** The same with halves of surrogate pairs. */
const codeUnits = fc
  .array(fc.oneof(fc.nat(0xffff), fc.integer({ min: 0xd800, max: 0xdfff })))
  .map((units) => String.fromCharCode(...units));

describe('refSlug', () => {
  it.each([
    ['main', 'main'],
    ['v1.2.0', 'v1.2.0'],
    ['release_2-x', 'release_2-x'],
    ['feature/login', 'feature-login.df7c7aeb3560'],
    ['a-_b', 'a-b.0eb1004d621a'],
    ['$(id)', '-id-.d7d54e796817'],
    ['功能', '-.25f5ce57a190'],
    ['main.0123456789ab', 'main.0123456789ab.421ff5123fda'],
    ['main.0123456789AB', 'main.0123456789AB.dca1f8c1b2e3'],
  ])('%s → %s', (ref, slug) => {
    expect(refSlug(ref)).toBe(slug);
  });

  it('is one path segment that holds none of the separators of revision paths', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, codeUnits), (ref) => {
        fc.pre(refProblem(ref) === undefined);
        expect(refSlug(ref)).toMatch(/^[A-Za-z0-9_.-]+$/);
        expect(refSlug(ref)).not.toMatch(/\.\.|-_|_-/);
      }),
      { numRuns: 1000 },
    );
  });

  it('differs for different refs, and a slug taken for a ref has another slug', () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        fc.pre(refProblem(a) === undefined && refProblem(b) === undefined);
        expect(refSlug(a) === refSlug(b)).toBe(a === b);
        if (refSlug(a) !== a) expect(refSlug(refSlug(a))).not.toBe(refSlug(a));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('revision paths', () => {
  it('differ for revisions that are nearly the same: case, slashes, length, the slug of the other', () => {
    fc.assert(
      fc.property(relatedRevisions, ([a, b]) => {
        const same = a.kind === b.kind && a.ref === b.ref;
        expect(revisionPath(a) === revisionPath(b)).toBe(same);
        const main = { kind: 'branch', ref: 'main' } as const;
        expect(cloneRevisionPath(main, a) === cloneRevisionPath(main, b)).toBe(same);
        expect(cloneRevisionPath(a, main) === cloneRevisionPath(b, main)).toBe(same);
      }),
      { numRuns: 2000 },
    );
  });

  it('tell branches, tags and clones apart', () => {
    const main = { kind: 'branch', ref: 'main' } as const;
    expect(revisionPath(main)).toBe('b..main');
    expect(revisionPath({ kind: 'tag', ref: 'main' })).toBe('t..main');
    expect(cloneRevisionPath(main, { kind: 'branch', ref: 'feature/login' })).toBe(
      'b..main-_b..feature-login.df7c7aeb3560',
    );
  });

  it('of clones are unambiguous, and never those of a static enver', () => {
    const revision = fc.record({ kind: fc.constantFrom('branch' as const, 'tag' as const), ref: refLike });
    fc.assert(
      fc.property(revision, revision, revision, (base, own, other) => {
        fc.pre([base, own, other].every(({ ref }) => refProblem(ref) === undefined));
        const path = cloneRevisionPath(base, own);
        expect(path.split(/-_(?=[bt]\.\.)/)).toEqual([revisionPath(base), revisionPath(own)]);
        expect(path).not.toBe(revisionPath(other));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('fullRef and parseFullRef', () => {
  it('are each other’s inverse', () => {
    fc.assert(
      fc.property(fc.constantFrom('branch' as const, 'tag' as const), refLike, (kind, ref) => {
        fc.pre(ref !== '');
        expect(parseFullRef(fullRef({ kind, ref }))).toEqual({ kind, ref });
      }),
    );
  });

  it.each(['refs/notes/commits', 'refs/pull/1/head', 'refs/heads/', 'refs/tags/', 'main', 'HEAD', ''])(
    'know no branch or tag behind %j',
    (full) => {
      expect(parseFullRef(full)).toBeUndefined();
    },
  );
});

describe('refProblem', () => {
  it.each([
    ['', 'is empty'],
    ['a'.repeat(251), 'is longer than 250 characters'],
    ['a\ud800b', 'is not well-formed Unicode'],
    ['-rf', 'starts with a dash'],
    ['HEAD', 'is HEAD'],
    ['@', 'contains @{ or is @'],
    ['a b', 'contains a space, a control character or one of ~ ^ : ? * [ \\'],
    ['a/.b', 'has a part that starts with a dot or ends with .lock'],
  ])('%j %s', (ref, problem) => {
    expect(refProblem(ref)).toBe(problem);
  });

  it.each(['$(id)', '功能', 'feature/latte', "it's", 'a;b', '`x`', 'a--b', 'a.b'])('%j is legal', (ref) => {
    expect(refProblem(ref)).toBeUndefined();
  });

  it('says what git says', () => {
    const refs = fc
      .sample(fc.oneof({ weight: 3, arbitrary: refLike }, anyText), { numRuns: 500, seed: 7 })
      .filter((ref) => !ref.includes('\0') && ref.length <= 250);
    // One `sh` for all of them: it answers with one character for each ref, in order.
    const answers = execFileSync(
      'sh',
      [
        '-c',
        'for ref; do git check-ref-format "$ref" && printf 1 || printf 0; done',
        'sh',
        ...refs.map(ofBranch),
      ],
      { encoding: 'utf8' },
    );
    const legal = refs.filter((_, at) => answers[at] === '1');
    expect(answers).toHaveLength(refs.length);
    expect(legal.length).toBeGreaterThan(50);
    // git lets these be created by pushing, and then lets nobody name them on a command line.
    const named = legal.filter((ref) => !ref.startsWith('-') && ref !== 'HEAD' && ref !== '@');
    expect(refs.filter((ref) => refProblem(ref) === undefined)).toEqual(named);
  });
});

function ofBranch(ref: string): string {
  return fullRef({ kind: 'branch', ref });
}
