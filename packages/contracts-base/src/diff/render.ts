import type { Plan } from '../plan/index.js';
import type { ManifestDiff } from './diff.js';
import { type Item, planReport, type Report, reportOf, type Section } from './report.js';

/** GitHub refuses comments of more than 65,536 characters; the rest is for what is put around this one. */
const COMMENT_LIMIT = 60_000;
/** Beyond so many items a section says only how many more there are. */
const ITEMS = 50;

/** A diff as GitHub-flavoured markdown, fit for a comment on a pull request: never longer than 60,000 characters. */
export function diffMarkdown(diff: ManifestDiff): string {
  return markdown('Change of the contracts', reportOf(diff));
}

/** A diff as plain text, for a terminal. Nothing is left out. */
export function diffText(diff: ManifestDiff): string {
  return text(reportOf(diff));
}

/** A plan as plain text, for a terminal. */
export function planText(plan: Plan): string {
  return text(planReport(plan));
}

/** A plan as GitHub-flavoured markdown. */
export function planMarkdown(plan: Plan): string {
  return markdown('Plan', planReport(plan));
}

function text({ headline, sections }: Report): string {
  const parts = sections.map(({ title, items }) =>
    [
      title,
      ...items.flatMap((item) => [
        `  ${item.where}: ${item.text}`,
        ...item.details.map((one) => `    ${one}`),
      ]),
    ].join('\n'),
  );
  return `${[headline, ...parts].map(oneLineEach).join('\n\n')}\n`;
}

/** Names and values come from contracts; control characters in them must not reach a terminal. */
function oneLineEach(given: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are taken out
  return given.replace(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/g, ' ');
}

function markdown(title: string, { headline, sections }: Report): string {
  const parts = [`### ${title}`, escaped(headline)];
  let length = parts.join('\n\n').length;
  for (const [at, one] of sections.entries()) {
    const part = markdownSection(one);
    if (length + part.length > COMMENT_LIMIT - 200) {
      parts.push(`_…and ${sections.length - at} more sections: run \`odmd diff\` to see them._`);
      break;
    }
    parts.push(part);
    length += part.length + 2;
  }
  return `${parts.join('\n\n')}\n`;
}

function markdownSection({ title, urgent, items }: Section): string {
  const shown = items.slice(0, ITEMS).map(markdownItem);
  if (items.length > ITEMS) shown.push(`- …and ${items.length - ITEMS} more`);
  const body = shown.join('\n');
  if (urgent) return `**${escaped(title)}**\n\n${body}`;
  return `<details><summary>${escaped(title)} (${items.length})</summary>\n\n${body}\n\n</details>`;
}

function markdownItem({ where, text: said, details }: Item): string {
  return [`- ${code(where)}: ${escaped(said)}`, ...details.map((one) => `  - ${escaped(one)}`)].join('\n');
}

function code(given: string): string {
  return `\`${given.replaceAll('`', "'").replace(/\s+/g, ' ').slice(0, 300)}\``;
}

/** So that a value is shown as it is: no markup, no HTML, no mention of a person, and on one line. */
function escaped(given: string): string {
  const line = given.replace(/\s+/g, ' ').slice(0, 1000);
  return line
    .replace(/[\\`*_{}[\]<>#|~]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('@', '@\u200b');
}
