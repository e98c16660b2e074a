import type { Answer, Clock, KeyValue, Notifier } from '@ondemandenv/control-plane';

/** An answer as it is kept. */
export interface KeptAnswer extends Answer {
  /** Counts up by one per answer. */
  readonly seq: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** `owner/name`. */
  readonly repo: string;
  /** Full git name. */
  readonly ref: string;
  readonly sha: string;
}

const ANSWERS = 'local/answers/';
const SEQUENCE = 'local/answer-sequence';
const KEPT = 500;

/** Keeps the newest 500 answers; whoever pushes reads those that came after the push. */
export class LocalNotifier implements Notifier {
  constructor(
    private readonly kv: KeyValue,
    private readonly clock: Clock,
    private readonly log: (line: string) => void,
  ) {}

  async alarm({ message }: { enver: string; message: string }): Promise<void> {
    this.log(`alarm: ${message}`);
  }

  async answer(to: { repo: string; ref: string; sha: string }, answer: Answer): Promise<void> {
    this.kv.transaction(() => {
      const seq = this.position() + 1;
      const kept: KeptAnswer = { ...to, ...answer, seq, at: this.clock.now() };
      this.kv.set(SEQUENCE, seq);
      this.kv.set(answerKey(seq), kept);
      this.kv.delete(answerKey(seq - KEPT));
    });
  }

  /** `odmd status` and what a push prints say it already. */
  async report(): Promise<void> {}

  /** Number of the newest answer. */
  position(): number {
    return this.kv.get<number>(SEQUENCE) ?? 0;
  }

  /** The answers after a position, oldest first. */
  since(position: number): KeptAnswer[] {
    const answers: KeptAnswer[] = [];
    const newest = this.position();
    for (let seq = Math.max(position, newest - KEPT) + 1; seq <= newest; seq++) {
      const kept = this.kv.get<KeptAnswer>(answerKey(seq));
      if (kept) answers.push(kept);
    }
    return answers;
  }
}

function answerKey(seq: number): string {
  return ANSWERS + String(seq).padStart(15, '0');
}
