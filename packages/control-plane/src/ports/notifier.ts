/** Tells a person what became of something they did, where they look (a commit or pull request in production). */
export interface Notifier {
  answer(to: { repo: string; ref: string; sha: string }, answer: Answer): Promise<void>;
  /** Tells the team of an enver that a product it consumes has changed, and that nothing was done about it. */
  alarm(alarm: { enver: string; message: string }): Promise<void>;
}

export interface Answer {
  readonly level: 'info' | 'error';
  readonly message: string;
  /** Good to know for somebody who looks at this moment, and not worth keeping. */
  readonly passing?: true;
}
