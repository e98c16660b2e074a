import type { Plan, PlannedEnver } from '../plan/index.js';
import { nameOf } from './breaking.js';
import { type FieldChange, shortJson } from './changed-fields.js';
import type { Changes, ManifestDiff } from './diff.js';

/** A diff in words, without the marks of any format. */
export interface Report {
  readonly headline: string;
  readonly sections: readonly Section[];
}

export interface Section {
  readonly title: string;
  /** What a reader has to see; the others may be folded away. */
  readonly urgent: boolean;
  readonly items: readonly Item[];
}

export interface Item {
  /** The name of what the item is about. */
  readonly where: string;
  readonly text: string;
  /** Lines below it. */
  readonly details: readonly string[];
}

const BUMPS = {
  major: 'a major version',
  minor: 'a minor version',
  patch: 'a patch version',
  none: 'no new version',
} as const;

export function reportOf(diff: ManifestDiff): Report {
  if (diff.bump === 'none') return { headline: 'The contracts are the same.', sections: [] };
  const deployed = [...diff.impact.phases, ...diff.impact.held].flat().length;
  const parts = [
    plural(diff.breaking.length, 'breaking change'),
    plural(diff.privileged.length, 'privileged change'),
    plural(deployed, 'deployment'),
  ];
  return {
    headline: `${parts.join(', ')}. This asks for ${BUMPS[diff.bump]}.`,
    sections: [
      section(
        'Breaking',
        true,
        diff.breaking.map(({ where, message, victims }) => ({
          where,
          text: message,
          details: [`hits ${listed(victims)}`],
        })),
      ),
      section('Needs an administrator', true, diff.privileged.map(noted)),
      ...planSections(diff.impact),
      section('Good to know', false, diff.notes.map(noted)),
      changesSection('Envers', diff.envers, ({ id }) => id),
      changesSection('Products', diff.products, ({ path }) => nameOf(path)),
      changesSection(
        'Consumptions',
        diff.consumptions,
        ({ enver, id, path }) => `${enver} ${id} (${nameOf(path)})`,
      ),
      section(
        'Settings',
        false,
        diff.settings.map((one) => ({ where: one.field, text: values(one), details: [] })),
      ),
    ].filter(({ items }) => items.length > 0),
  };
}

/** A plan in words. */
export function planReport(plan: Plan): Report {
  const free = plan.phases.flat().length;
  const held = plan.held.flat().length;
  if (free + held === 0) return { headline: 'Nothing is deployed.', sections: planSections(plan) };
  const waits = held === 0 ? '' : `; ${plural(held, 'more', 'more')} after approval`;
  return {
    headline: `${plural(free, 'deployment')} in ${plural(plan.phases.length, 'phase')}${waits}.`,
    sections: planSections(plan),
  };
}

function planSections({ phases, held, approvals, alarms, ignored }: Plan): Section[] {
  return [
    ...phases.map((phase, at) => section(`Phase ${at + 1}`, false, phase.map(planned))),
    section(
      'Waits for approval',
      true,
      approvals.map(({ enver, products, approvers, behind }) => ({
        where: enver,
        text: `${products.join(', ')}, by ${approvers.map(({ account, role }) => `${account}/${role}`).join(' or ')}`,
        details: behind.length === 0 ? [] : [`behind it: ${listed(behind)}`],
      })),
    ),
    ...held.map((phase, at) =>
      section(`Phase ${phases.length + at + 1}, after approval`, false, phase.map(planned)),
    ),
    section(
      'Alarms',
      false,
      alarms.map(({ enver, product }) => ({ where: enver, text: product, details: [] })),
    ),
    section(
      'Ignored',
      false,
      ignored.map(({ enver, product }) => ({ where: enver, text: product, details: [] })),
    ),
  ].filter(({ items }) => items.length > 0);
}

function planned({ id, because, cycle }: PlannedEnver): Item {
  const details = cycle ? [`in a cycle with ${listed(cycle.filter((other) => other !== id))}`] : [];
  // `now consumes a/b..main/x` says already that x is new for it.
  const reasons = because.filter((one) => !because.some((other) => other.endsWith(` ${one}`)));
  return { where: id, text: listed(reasons), details };
}

function noted({ where, message }: { where: string; message: string }): Item {
  return { where, text: message, details: [] };
}

function changesSection<P>(title: string, changes: Changes<P>, name: (place: P) => string): Section {
  return section(title, false, [
    ...changes.added.map((place) => ({ where: name(place), text: 'added', details: [] })),
    ...changes.changed.map((place) => ({
      where: name(place),
      text: 'changed',
      details: place.fields.map((one) => `${one.field}: ${values(one)}`),
    })),
    ...changes.removed.map((place) => ({ where: name(place), text: 'removed', details: [] })),
  ]);
}

function section(title: string, urgent: boolean, items: readonly Item[]): Section {
  return { title, urgent, items };
}

function values({ before, after }: FieldChange): string {
  return `${shortJson(before)} → ${shortJson(after)}`;
}

const SHOWN = 12;

/** `a, b and 3 more`. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, names.length > SHOWN + 1 ? SHOWN : names.length).join(', ');
  return names.length > SHOWN + 1 ? `${shown} and ${names.length - SHOWN} more` : shown;
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count === 0 ? 'no' : count} ${count === 1 ? one : many}`;
}
