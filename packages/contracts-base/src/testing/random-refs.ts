import fc from 'fast-check';
import { type RevisionRef, refProblem, refSlug } from '../naming/index.js';

/** Text made of the pieces that rules of refs are about; many are no legal refs. */
export const refLike = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('a', 'B', '7', 'main', 'feature', '功能', 'é', '🎉') },
      { weight: 2, arbitrary: fc.constantFrom('/', '.', '-', '_', '..', '-_', '_-', '.lock', '//', '@') },
      fc.constantFrom('@{', '{', ' ', '~', '^', ':', '?', '*', '[', ']', '\\', '\x01', '\x7f', '\n', '$(id)'),
      fc.constantFrom('HEAD', '.0123456789ab', '.0123456789AB', '\u0085', '\ufffd', "'", '"', '%', '#'),
    ),
    { maxLength: 7 },
  )
  .map((parts) => parts.join(''));

const legalRefs = refLike.filter(isLegal);

/** Changes of a legal ref that sanitising could undo. */
const CHANGES: readonly ((ref: string) => string)[] = [
  (ref) => ref,
  // A plain branch that is spelled like the other's slug.
  refSlug,
  (ref) => refSlug(refSlug(ref)),
  (ref) => ref.toUpperCase(),
  (ref) => ref.toLowerCase(),
  (ref) => ref.replaceAll('/', '-'),
  (ref) => ref.replaceAll(/[^A-Za-z0-9_.-]/gu, '-'),
  (ref) => `${ref}/${ref}`,
  (ref) => ref.padEnd(250, 'x'),
  (ref) => `x${ref.padStart(249, '/x')}`,
];

/** Two legal revisions that sit close to each other, or are the same. */
export const relatedRevisions: fc.Arbitrary<readonly [RevisionRef, RevisionRef]> = fc
  .tuple(legalRefs, relatives(), relatives())
  .map(([ref, one, other]) => [one(ref), other(ref)] as const)
  .filter((pair) => pair.every(({ ref }) => isLegal(ref)));

function relatives(): fc.Arbitrary<(ref: string) => RevisionRef> {
  return fc.record({ change: fc.constantFrom(...CHANGES), kind: fc.constantFrom('branch', 'tag') }).map(
    ({ change, kind }) =>
      (ref: string) =>
        ({ kind, ref: change(ref) }) as const,
  );
}

function isLegal(ref: string): boolean {
  return refProblem(ref) === undefined;
}
