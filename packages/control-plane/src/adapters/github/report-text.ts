import type { EnverReport, RefReport } from '../../ports/notifier.js';
import { code, escaped } from './inert-text.js';

/** Leaves room for answers below it. */
const MAX_LENGTH = 30_000;
const MAX_ROW = 8_000;
const MAX_TEXT = 300;
/** A longer one is no address that somebody wants to open. */
const MAX_URL = 1_000;

/**
 * How the clones of a branch are, as a table. It is HTML without an empty line, in which Markdown has no say; whatever
 * comes from somewhere else stands in it as code, and only plain web addresses can be followed.
 */
export function reportText({ envers, removal }: RefReport): string {
  if (envers.length === 0) return '**ODMD**: this branch has no environments any more.';
  const rows: string[] = [];
  let length = 0;
  for (const enver of envers) {
    const row = rowOf(enver);
    length += row.length;
    if (length > MAX_LENGTH) break;
    rows.push(row);
  }
  const left = envers.length - rows.length;
  const head = ['Environment', 'State', 'Reason', 'Products', 'Goes, if nothing is pushed before'];
  return [
    '<table>',
    `<tr>${head.map((title) => `<th>${title}</th>`).join('')}</tr>`,
    ...rows,
    ...(left > 0 ? [`<tr><td colspan="${head.length}">and ${left} more</td></tr>`] : []),
    '</table>',
    `<p>To remove ${envers.length === 1 ? 'it' : 'them'}, push a commit with this line in its message: ${code(removal)}</p>`,
  ].join('\n');
}

function rowOf({ id, phase, reason, products, expiresAt }: EnverReport): string {
  const cells = [
    code(short(id)),
    code(phase),
    code(short(reason)),
    productsOf(products),
    expiresAt === undefined ? 'never' : utc(expiresAt),
  ];
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

function productsOf(products: EnverReport['products']): string {
  const lines: string[] = [];
  let length = 0;
  for (const { name, value } of products) {
    const line = `${code(short(name))}: ${shownValue(value)}`;
    length += line.length;
    if (length > MAX_ROW) break;
    lines.push(line);
  }
  const left = products.length - lines.length;
  return [...lines, ...(left > 0 ? [`and ${left} more`] : [])].join('<br>');
}

/** @param value JSON text, unless a job wrote something else past the platform */
function shownValue(value: string): string {
  const parsed = parse(value);
  if (typeof parsed === 'string') return link(parsed) ?? code(short(parsed));
  const links = addressesIn(parsed).flatMap((text) => link(text) ?? []);
  return [code(short(value)), ...links].join(' ');
}

function parse(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function addressesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((inner) => (typeof inner === 'string' ? inner : addressesIn(inner)));
}

/** What is shown is what is opened; an address with a user in it is made to be misread. */
function link(text: string): string | undefined {
  if (text.length > MAX_URL || !/^https?:\/\//i.test(text)) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.username !== '' || url.password !== '') return undefined;
  return `<a href="${escaped(url.href)}">${code(url.href)}</a>`;
}

function short(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)} …` : text;
}

function utc(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
