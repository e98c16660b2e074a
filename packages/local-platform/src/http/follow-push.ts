import { setTimeout as delay } from 'node:timers/promises';
import { refKey } from '@ondemandenv/contracts-base';
import { type EnverRecord, groupOf, type HistoryItem, type Work } from '@ondemandenv/control-plane';
import { lastLines } from '../log-tail.js';
import type { PlatformParts } from './platform-parts.js';

/** One push to one repository. */
export interface Push {
  /** `owner/name`. */
  readonly repo: string;
  /** Full git names. */
  readonly refs: readonly string[];
}

const LOOK_EVERY_MS = 100;
/** How much is shown of the log of a failed job; all violations of contracts have to be in it. */
const LOG_LINES = { script: 40, contractsLib: 200 };

/**
 * Tells what a push causes, line by line, until that has settled: the platform's answers, every decision about the
 * envers of these refs (clones that come and go included), and the log of a job that fails.
 */
export class PushFollower {
  /** The records as they were told, or were before the push; by enver. */
  private readonly told = new Map<string, EnverRecord>();
  /** Every enver that was ever seen here, also when it is gone by now. */
  private readonly followed = new Set<string>();
  private readonly troubles = new Set<string>();
  private answers: number;
  private lines = 0;
  private print: (line: string) => void = () => {};

  private constructor(
    private readonly parts: PlatformParts,
    private readonly push: Push,
  ) {
    this.answers = parts.notifier.position();
  }

  /** Takes note of what there is: it has to come before the platform hears of the push. */
  static async prepare(parts: PlatformParts, push: Push): Promise<PushFollower> {
    const follower = new PushFollower(parts, push);
    for (const record of await follower.envers()) {
      follower.told.set(record.id, record);
      follower.followed.add(record.id);
    }
    return follower;
  }

  /** Follows until all has settled, `deadline` (epoch milliseconds) has come, or nobody listens any more. */
  async follow(print: (line: string) => void, deadline: number, ended: () => boolean): Promise<void> {
    this.print = print;
    while (!ended()) {
      const settled = await this.look();
      if (settled && this.lines === 0)
        this.say('nothing to do: nothing that is deployed from this ref changed');
      if (settled) return;
      if (this.parts.clock.now() >= deadline)
        return this.say('this takes long: follow it with `odmd status --wait`');
      await delay(LOOK_EVERY_MS);
    }
  }

  /** Tells what is new; whether nothing more is to come. */
  private async look(): Promise<boolean> {
    // Whoever hands work on does so before its own is done: what is drained has left its traces in what is read next.
    const refsDrained = this.drained(this.refWork());
    for (const { id } of await this.envers()) this.followed.add(id);
    const work = this.allWork();
    const drained = this.drained(work);
    const envers = await this.envers();
    for (const record of envers) await this.tell(record);
    for (const id of this.told.keys()) if (!envers.some((record) => record.id === id)) this.tellGone(id);
    this.tellAnswers();
    this.tellTroubles(work);
    return refsDrained && drained && envers.every(({ id, run }) => this.followed.has(id) && !run);
  }

  private allWork(): Work[] {
    const envers = [...this.followed].map((id): Work => ({ kind: 'enver', id }));
    const sync: Work[] = this.followed.has(this.parts.contractsLib) ? [{ kind: 'sync' }] : [];
    return [...this.refWork(), ...envers, ...sync];
  }

  private drained(work: readonly Work[]): boolean {
    return work.every((item) => !this.parts.backlog.has(groupOf(item)));
  }

  private refWork(): Work[] {
    return this.push.refs.map((ref) => ({ kind: 'ref', repo: this.push.repo, ref }));
  }

  private async envers(): Promise<EnverRecord[]> {
    const { records } = this.parts;
    const found = await Promise.all(
      this.push.refs.map((ref) => records.find('source', refKey(this.push.repo, ref))),
    );
    const read = await Promise.all([...new Set(found.flat())].map((id) => records.get('enver', id)));
    return read.filter((record) => record !== undefined);
  }

  private async tell(record: EnverRecord): Promise<void> {
    const { id, history, deployed, failed } = record;
    const before = this.told.get(id);
    this.told.set(id, record);
    const news = after(history, before?.history.at(-1));
    // A deployment and the decision about it have one time.
    const arrived = deployed && deployed.dispatchId !== before?.deployed?.dispatchId;
    const arrival = arrived ? news.find(({ at }) => at === deployed.at) : undefined;
    for (const item of news)
      this.say([`${id} ${item.text}`, ...(item === arrival ? this.addresses(id) : [])].join(' · '));
    if (failed && failed.dispatchId !== before?.failed?.dispatchId)
      await this.tellLog(record, failed.dispatchId);
  }

  private addresses(enver: string): string[] {
    return this.parts.services.list(enver).map(({ url }) => url);
  }

  private async tellLog(record: EnverRecord, dispatchId: string): Promise<void> {
    const lines = LOG_LINES[record.id === this.parts.contractsLib ? 'contractsLib' : 'script'];
    const file = this.parts.jobs.logFile(dispatchId);
    for (const line of await lastLines(file, lines)) this.say(`  | ${line}`);
  }

  private tellGone(id: string): void {
    if (!this.told.delete(id)) return;
    this.say(`${id} deleted`);
  }

  private tellAnswers(): void {
    const { notifier } = this.parts;
    for (const { seq, repo, ref, level, message } of notifier.since(this.answers)) {
      this.answers = seq;
      if (repo !== this.push.repo || !this.push.refs.includes(ref)) continue;
      this.say(level === 'error' ? `error: ${message}` : message);
    }
  }

  private tellTroubles(work: readonly Work[]): void {
    for (const item of work) {
      const trouble = this.parts.trouble(item);
      if (trouble === undefined || this.troubles.has(trouble)) continue;
      this.troubles.add(trouble);
      this.say(`the platform failed and tries again: ${trouble}`);
    }
  }

  private say(line: string): void {
    this.lines += 1;
    this.print(line);
  }
}

/** The decisions after one that was told; all of them when it is not there any more. */
function after(history: readonly HistoryItem[], told: HistoryItem | undefined): readonly HistoryItem[] {
  if (!told) return history;
  const at = history.findLastIndex((item) => item.at === told.at && item.text === told.text);
  return history.slice(at + 1);
}
