import { PLATFORM } from './cases.js';
import type { Matrix } from './matrix.js';
import { BRANCH } from './org.js';

/** How often something was allowed and refused. */
export interface Answer {
  /** Finishes "may a role of one enver … ?". */
  readonly question: string;
  readonly of: 'its own' | 'another’s' | 'the platform’s' | 'as a guest';
  readonly allowed: number;
  readonly refused: number;
}

/** The requests by what they ask for, in the order of asking. */
export function answersOf({ decided }: Matrix): Answer[] {
  const answers = new Map<string, { -readonly [K in keyof Answer]: Answer[K] }>();
  for (const { question, role, from, to, allowed } of decided) {
    const isGuest = role === 'guest' || role === 'stranger';
    const of = isGuest
      ? 'as a guest'
      : to === PLATFORM
        ? 'the platform’s'
        : to === from
          ? 'its own'
          : 'another’s';
    const key = `${question} ${of}`;
    const answer = answers.get(key) ?? { question, of, allowed: 0, refused: 0 };
    answer[allowed ? 'allowed' : 'refused']++;
    answers.set(key, answer);
  }
  const order = ({ question, of }: Answer) => `${question} ${of}`;
  return [...answers.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** Which enver reads or writes whose products, as the policies have it. */
export function productsOf({ decided }: Matrix): { from: string; to: string; may: 'read' | 'write' }[] {
  const found = new Map<string, { from: string; to: string; may: 'read' | 'write' }>();
  for (const { from, to, action, resource, allowed } of decided) {
    if (!allowed || !resource.includes(':parameter/odmd-share/')) continue;
    const may = action === 'ssm:PutParameter' ? 'write' : 'read';
    if (may === 'write' || !found.has(`${from} ${to}`)) found.set(`${from} ${to}`, { from, to, may });
  }
  return [...found.values()];
}

/** Those that came out otherwise than they should, one line each. */
export function mistakesOf({ wrong }: Matrix): string[] {
  return wrong.map(
    ({ from, role, question, to, action, resource, allowed, by }) =>
      `the ${role} role of ${from} ${allowed ? 'may' : 'may not'} ${question} of ${to}: ${action} on ${resource}` +
      (by ? ` (${by})` : ''),
  );
}

/** The matrix for a person. */
export function text(matrix: Matrix): string {
  const { org, decided } = matrix;
  const clones = org.entries.filter(({ cloneOf }) => cloneOf !== undefined).length;
  const lines = [
    `${org.manifest.org}: ${org.entries.length} envers, ${clones} of them clones of ${BRANCH}; ` +
      `${decided.length} requests of their roles, decided by the policies of the templates`,
    '',
    ...table(matrix),
    '',
    'Products: who (down) may write (w) or read (r) those of whom (across)',
    '',
    ...grid(matrix),
    '',
  ];
  const mistakes = mistakesOf(matrix);
  const verdict =
    mistakes.length === 0 ? ['Everything is as it should be.'] : ['Not as it should be:', ...mistakes];
  return [...lines, ...verdict].join('\n');
}

function table(matrix: Matrix): string[] {
  const answers = answersOf(matrix);
  const width = Math.max(...answers.map(({ question }) => question.length));
  const row = (question: string, of: string, allowed: string, refused: string) =>
    `  ${question.padEnd(width)}  ${of.padEnd(14)}  ${allowed.padStart(7)}  ${refused.padStart(7)}`;
  return [
    row('May a role of an enver …', 'of', 'allowed', 'refused'),
    ...answers.map(({ question, of, allowed, refused }) =>
      row(question, of, allowed === 0 ? '·' : String(allowed), refused === 0 ? '·' : String(refused)),
    ),
  ];
}

function grid(matrix: Matrix): string[] {
  const ids = matrix.org.entries.map(({ id }) => id);
  const may = new Map(productsOf(matrix).map(({ from, to, may }) => [`${from} ${to}`, may[0] ?? '']));
  const width = Math.max(...ids.map((id) => id.length));
  const number = (index: number) => String(index + 1).padStart(3);
  return [
    `${' '.repeat(width + 5)}${ids.map((_, index) => number(index)).join('')}`,
    ...ids.map(
      (from, index) =>
        `${number(index)}  ${from.padEnd(width)}${ids.map((to) => (may.get(`${from} ${to}`) ?? '·').padStart(3)).join('')}`,
    ),
  ];
}
