/** Time, for whoever waits. */
export interface Waiting {
  /** Milliseconds on a clock that only goes forward. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

export const realTime: Waiting = {
  now: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** Lets its callers go on one after the other, so many in a second at most. */
export class Pace {
  private readonly gapMs: number;
  private readonly time: Waiting;
  private next = 0;

  constructor(perSecond: number, time: Waiting = realTime) {
    this.gapMs = 1000 / perSecond;
    this.time = time;
  }

  /** Resolves when it is the caller's turn. */
  async turn(): Promise<void> {
    const now = this.time.now();
    const at = Math.max(now, this.next);
    this.next = at + this.gapMs;
    if (at > now) await this.time.sleep(at - now);
  }
}
