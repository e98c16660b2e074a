import { Command } from 'commander';
import type { CodeEntry } from '../codes/index.js';
import { json, line, type Style, styled, table } from '../output.js';
import type { Terminal } from '../terminal.js';

interface Options {
  readonly json?: true;
}

const SEVERITIES: Readonly<Record<CodeEntry['severity'], { text: string; style: Style }>> = {
  error: { text: 'error', style: 'red' },
  warning: { text: 'warning', style: 'yellow' },
  later: { text: 'no failure, try again later', style: 'cyan' },
};

export function explainCommand(terminal: Terminal): Command {
  return new Command('explain')
    .summary('say what a code means')
    .description('Say what a code such as ODMD101 means and what to do about it; without a code, list all.')
    .argument('[code]', 'ODMD and three digits; the digits alone will do')
    .option('--json', 'print {code, package, severity, title, why?, fix} as JSON, without a code an array')
    .addHelpText('after', '\nExamples:\n  odmd explain ODMD101\n  odmd explain --json')
    .action((code: string | undefined, options: Options) => explain(terminal, code, options));
}

async function explain(terminal: Terminal, code: string | undefined, options: Options): Promise<void> {
  const { allCodes } = await import('../codes/index.js');
  const codes = allCodes();
  if (code === undefined) {
    if (options.json) return json(terminal, codes);
    const rows = codes.map((entry) => [
      { text: entry.code },
      { text: entry.severity, style: SEVERITIES[entry.severity].style },
      { text: entry.title },
    ]);
    return table(terminal, ['CODE', 'SEVERITY', 'MEANING'], rows);
  }
  const wanted = `ODMD${code.toUpperCase().replace(/^ODMD-?/, '')}`;
  const found = codes.find((entry) => entry.code === wanted);
  if (!found) throw await unknown(code, wanted, codes);
  if (options.json) return json(terminal, found);
  const { text, style } = SEVERITIES[found.severity];
  line(terminal, `${styled(terminal, 'bold', found.code)} ${found.title}`);
  line(terminal, `  ${styled(terminal, style, text)}, reported by @ondemandenv/${found.package}`);
  if (found.why) line(terminal, `  why: ${found.why}`);
  line(terminal, `  fix: ${found.fix}`);
}

async function unknown(code: string, wanted: string, codes: readonly CodeEntry[]): Promise<Error> {
  const { OdmdError } = await import('@ondemandenv/contracts-base');
  const near = codes
    .map((entry) => ({ entry, distance: differences(entry.code, wanted) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ entry }) => entry.code);
  const fix = /^ODMD\d{3}$/.test(wanted)
    ? `did you mean ${near.join(', ')}? \`odmd explain\` lists all`
    : 'a code is ODMD and three digits, such as ODMD101; `odmd explain` lists all';
  return new OdmdError('ODMD712', 'there is no such code', { where: code, fix });
}

/** At how many places two codes differ; the hundreds count most. */
function differences(a: string, b: string): number {
  const weights = [0, 0, 0, 0, 4, 2, 1];
  return weights.reduce((sum, weight, at) => sum + (a[at] === b[at] ? 0 : weight), 0);
}
