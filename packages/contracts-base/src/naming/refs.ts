import { sha256 } from '../canonical-json.js';

/** A git branch (mutable) or tag (immutable) by its short name, e.g. `feature/login` or `v1.2.0`. */
export interface RevisionRef {
  readonly kind: 'branch' | 'tag';
  readonly ref: string;
}

const PREFIX = { branch: 'b..', tag: 't..' } as const;
const PLAIN = /^[A-Za-z0-9_.-]+$/;
const LOOKS_HASHED = /\.[0-9a-f]{12}$/i;

/**
 * A git ref as one path segment of `[A-Za-z0-9_.-]`. A plain ref stands for itself; any other is made readable
 * and ends in `.` + the first 12 hex digits of sha256(ref), so that two refs never share a slug by accident.
 *
 * @example refSlug('main') // 'main'
 * @example refSlug('feature/login') // 'feature-login.df7c7aeb3560'
 */
export function refSlug(ref: string): string {
  const plain = PLAIN.test(ref) && !/\.\.|-_|_-/.test(ref) && !LOOKS_HASHED.test(ref);
  if (plain) return ref;
  const readable = ref.replace(/[^A-Za-z0-9_.-]/gu, '-').replace(/[-_.]{2,}/g, '-');
  return `${readable}.${sha256(ref).slice(0, 12)}`;
}

/** `b..<slug>` of a branch, `t..<slug>` of a tag. */
export function revisionPath(revision: RevisionRef): string {
  return PREFIX[revision.kind] + refSlug(revision.ref);
}

/** The path part of a clone: `<path of the base>-_<path of its own ref>`. */
export function cloneRevisionPath(base: RevisionRef, own: RevisionRef): string {
  return `${revisionPath(base)}-_${revisionPath(own)}`;
}

/** The full git name, `refs/heads/…` or `refs/tags/…`. */
export function fullRef(revision: RevisionRef): string {
  return (revision.kind === 'branch' ? 'refs/heads/' : 'refs/tags/') + revision.ref;
}

/** The branch or tag that a full git name stands for; `undefined` for anything else (notes, pull heads). */
export function parseFullRef(full: string): RevisionRef | undefined {
  const [, folder, ref] = /^refs\/(heads|tags)\/(.+)$/s.exec(full) ?? [];
  if (ref === undefined) return undefined;
  return { kind: folder === 'heads' ? 'branch' : 'tag', ref };
}

/**
 * Why no branch or tag may have this name, or `undefined` when one may: the rules of git-check-ref-format(1), those of
 * `git branch` (not `@`, not `HEAD`, no leading `-`), and a length at which derived names and paths still fit.
 */
export function refProblem(ref: string): string | undefined {
  if (ref.length === 0) return 'is empty';
  if (ref.length > 250) return 'is longer than 250 characters';
  if (/\p{Surrogate}/u.test(ref)) return 'is not well-formed Unicode';
  if (ref.startsWith('-')) return 'starts with a dash';
  if (ref === 'HEAD') return 'is HEAD';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: git forbids exactly these
  if (/[\x00-\x20\x7f~^:?*[\\]/.test(ref))
    return 'contains a space, a control character or one of ~ ^ : ? * [ \\';
  if (ref.includes('..')) return 'contains ..';
  if (ref.includes('@{') || ref === '@') return 'contains @{ or is @';
  if (ref.startsWith('/') || ref.endsWith('/') || ref.includes('//'))
    return 'has an empty part between slashes';
  if (ref.endsWith('.')) return 'ends with a dot';
  if (ref.split('/').some((part) => part.startsWith('.') || part.endsWith('.lock')))
    return 'has a part that starts with a dot or ends with .lock';
  return undefined;
}
