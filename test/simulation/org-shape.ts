import type { Random } from './random.js';

type ReactionKind = 'deploy' | 'ignore' | 'alarm' | 'approve';

export interface UseShape {
  /** Index of the enver whose product it is. */
  readonly from: number;
  readonly reaction: ReactionKind;
  readonly placeholder: boolean;
}

export interface EnverShape {
  readonly build: string;
  readonly repo: string;
  /** Built from this tag; else from `main`. */
  readonly tag?: string;
  readonly uses: readonly UseShape[];
  /** Whether the contracts have it now. */
  readonly present: boolean;
  /** What it made goes when the contracts drop it. */
  readonly ephemeral: boolean;
  readonly clones: 'off' | 'asked' | 'auto';
  /** A setting that changes the contract and nothing that is deployed. */
  readonly timeoutMinutes: number;
  /** Further services that its deployments may use: a privileged change. */
  readonly services: number;
  /** What its product is made of: its source, its source and inputs, nothing, or every run anew. */
  readonly value: 'source' | 'inputs' | 'constant' | 'run';
}

/** The shape of a generated org. An enver's uses of later ones have placeholders: they make cycles. */
export interface OrgShape {
  readonly envers: readonly EnverShape[];
  readonly maxClones: number;
  /** How many of its uses need an approval. */
  readonly approvals: number;
}

const APPROVALS = 0.12;

/** Between 2 and `size` envers in up to 3 repos, densely connected. */
export function randomShape(random: Random, size: number, approvals = APPROVALS): OrgShape {
  const count = 2 + random.below(size - 1);
  const repos = 1 + random.below(3);
  const envers: EnverShape[] = [];
  for (let index = 0; index < count; index++) {
    const again = random.chance(0.15) ? random.pick(envers) : undefined;
    const both = again && envers.filter(({ build }) => build === again.build).length === 1 && !again.tag;
    const tag = both ? 'v1' : random.chance(0.15) ? 'v0' : undefined;
    const build = both ? again.build : `b${index}`;
    const repo = both ? again.repo : `r${random.below(repos)}`;
    const candidates = envers.flatMap((other, from) =>
      canUse({ build, tag }, other) && random.chance(0.5) ? [from] : [],
    );
    envers.push({
      build,
      repo,
      ...(tag !== undefined && { tag }),
      uses: candidates.map((from) => randomUse(random, from, approvals)),
      present: true,
      ephemeral: random.chance(0.15),
      clones: random.chance(0.15) ? 'off' : random.chance(0.2) ? 'auto' : 'asked',
      timeoutMinutes: 30,
      services: 0,
      value:
        random.pick(['inputs', 'inputs', 'inputs', 'source', 'source', 'constant', 'run'] as const) ??
        'source',
    });
  }
  return withBackUse({ envers, maxClones: 1 + random.below(2), approvals }, random, 0.5);
}

/** The same org with one thing changed. */
export function changedShape(shape: OrgShape, random: Random): OrgShape {
  const index = random.below(shape.envers.length);
  const target = shape.envers[index];
  if (!target) return shape;
  const dice = random.next();
  if (dice < 0.15) return withBackUse(shape, random, 1);
  if (dice < 0.3) return replaced(shape, index, { ...target, present: !target.present });
  if (dice < 0.4) return replaced(shape, index, { ...target, timeoutMinutes: 71 - target.timeoutMinutes });
  if (dice < 0.5) return replaced(shape, index, { ...target, services: 1 - target.services });
  if (dice < 0.55)
    return replaced(shape, index, { ...target, clones: target.clones === 'off' ? 'asked' : 'off' });
  const from = random.below(index + 1);
  const other = shape.envers[from];
  if (!other || from === index || !canUse(target, other)) return shape;
  const without = target.uses.filter((use) => use.from !== from);
  const removed = without.length < target.uses.length && random.chance(0.5);
  return replaced(shape, index, {
    ...target,
    uses: removed
      ? without
      : [...without, randomUse(random, from, shape.approvals)].sort((a, b) => a.from - b.from),
  });
}

/** With a use of a later enver by an earlier one, or without the one there is. */
function withBackUse(shape: OrgShape, random: Random, chance: number): OrgShape {
  if (!random.chance(chance)) return shape;
  const index = random.below(shape.envers.length - 1);
  const from = index + 1 + random.below(shape.envers.length - index - 1);
  const [target, other] = [shape.envers[index], shape.envers[from]];
  if (!target || !other || !canUse(target, other)) return shape;
  const without = target.uses.filter((use) => use.from !== from);
  const use = { from, reaction: random.chance(0.8) ? 'deploy' : 'ignore', placeholder: true } as const;
  const uses = without.length < target.uses.length ? without : [...without, use];
  return replaced(shape, index, { ...target, uses });
}

function replaced(shape: OrgShape, index: number, enver: EnverShape): OrgShape {
  return { ...shape, envers: shape.envers.map((one, at) => (at === index ? enver : one)) };
}

function randomUse(random: Random, from: number, approvals: number): UseShape {
  const dice = random.next();
  const other = dice < 0.7 ? 'deploy' : dice < 0.8 ? 'ignore' : 'alarm';
  const reaction = dice >= 1 - approvals ? 'approve' : other;
  return { from, reaction, placeholder: random.chance(0.2) };
}

/** Nobody consumes of its own build, and what is built from a tag consumes only what is. */
function canUse(
  { build, tag }: { readonly build: string; readonly tag?: string | undefined },
  other: EnverShape,
): boolean {
  return other.build !== build && (tag === undefined || other.tag !== undefined);
}
