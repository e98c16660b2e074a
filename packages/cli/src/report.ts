import type { EnverStatus, PlatformStatus, UnprotectedEnver } from '@ondemandenv/control-plane';
import { line, type Style, shortened, styled, table } from './output.js';
import type { Terminal } from './terminal.js';

type Service = NonNullable<EnverStatus['services']>[number];

const REASON_WIDTH = 60;
const HISTORY_LINES = 10;

const STYLES: Readonly<Record<string, Style>> = {
  deployed: 'green',
  running: 'cyan',
  deleting: 'cyan',
  waiting: 'yellow',
  blocked: 'yellow',
  failed: 'red',
};

/** The whole platform as a table, one enver a line. */
export function printStatus(terminal: Terminal, report: PlatformStatus): void {
  const { contracts, envers } = report;
  const inForce = contracts
    ? `contracts ${shortSha(contracts.sha)} (serial ${contracts.serial})`
    : 'no contracts yet';
  line(terminal, `${report.org ?? 'no org'}: ${inForce}${report.busy ? ', busy' : ''}`);
  if (envers.length === 0) return;
  line(terminal);
  // Only what runs on this machine has an address of its own.
  const answers = envers.some(({ services }) => services !== undefined);
  const rows = envers.map((enver) => [
    { text: enver.id },
    { text: enver.phase, style: STYLES[enver.phase] },
    { text: shortened([...enver.conditions.map(({ type }) => type), enver.reason].join(': '), REASON_WIDTH) },
    { text: enver.deployed ? shortSha(enver.deployed.sha) : '-' },
    ...(answers ? [{ text: enver.services?.map(addressOf).join(' ') || '-' }] : []),
  ]);
  table(terminal, ['ENVER', 'PHASE', 'REASON', 'SOURCE', ...(answers ? ['URL'] : [])], rows);
}

/** The envers that whoever may write to a repository can change alone, and how. */
export function printUnprotected(terminal: Terminal, unprotected: readonly UnprotectedEnver[]): void {
  line(terminal);
  if (unprotected.length === 0) {
    line(terminal, 'every ref is protected');
    return;
  }
  const rows = unprotected.map(({ enver, repo, ref, gaps }) => {
    const what = gaps === 'unknown' ? 'GitHub does not say' : gaps.join(', ');
    return [enver, `${repo} ${ref}`, what].map((text) => ({ text }));
  });
  table(terminal, ['UNPROTECTED', 'REF', 'WHOEVER MAY WRITE CAN'], rows);
}

/** Where a service answers, and that it does not when it does not. */
function addressOf({ url, state }: Service): string {
  return state === 'running' ? url : `${url} (${state})`;
}

/** One enver with all that is known of it. */
export function printEnver(terminal: Terminal, enver: EnverStatus): void {
  const field = (name: string, values: readonly string[]) =>
    values.forEach((value, index) => {
      line(
        terminal,
        `  ${(index === 0 ? name : '').padEnd(11)}${value.replaceAll('\n', `\n${' '.repeat(13)}`)}`,
      );
    });
  const style = STYLES[enver.phase];
  line(
    terminal,
    `${styled(terminal, 'bold', enver.id)}  ${style ? styled(terminal, style, enver.phase) : enver.phase}`,
  );
  field('reason', enver.reason ? [enver.reason] : []);
  field('source', [`${enver.repo} ${enver.ref}`]);
  field('clone of', enver.cloneOf ? [enver.cloneOf] : []);
  field('waits for', enver.waitsFor);
  field(
    'conditions',
    enver.conditions.map(({ type, message }) => `${type}: ${message}`),
  );
  field('approvals', enver.approvals.map(approvalLine));
  if (enver.deployed) {
    field('deployed', [`${shortSha(enver.deployed.sha)} at ${new Date(enver.deployed.at).toISOString()}`]);
    field(
      'inputs',
      Object.entries(enver.deployed.inputs ?? {}).map(([path, version]) => `${path} ${version}`),
    );
  }
  field(
    'products',
    (enver.products ?? []).map(({ name, version }) => `${name} version ${version}`),
  );
  field('services', (enver.services ?? []).map(serviceLine));
  const newest = (enver.history ?? []).slice(-HISTORY_LINES);
  field(
    'history',
    newest.map(({ at, text }) => `${new Date(at).toISOString().slice(11, 19)} ${text}`),
  );
}

function approvalLine({ path, version, state, approvers, by }: EnverStatus['approvals'][number]): string {
  const who =
    state === 'requested' ? `: \`odmd approve\` by ${approvers.join(' or ')}` : by ? ` by ${by}` : '';
  return `${path.replace('/odmd-share/', '')} ${version} ${state}${who}`;
}

function serviceLine({ name, url, state, pid, problem }: Service): string {
  const process = pid === undefined ? '' : `, pid ${pid}`;
  return `${name} ${url} ${state}${process}${problem ? `: ${problem}` : ''}`;
}

function shortSha(sha: string): string {
  return sha.slice(0, 7);
}
