/** What a command sees of the process that it runs in. */
export interface Terminal {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether standard output is a terminal that shows colours. */
  readonly colour: boolean;
  /** Writes text to standard output, as it is. */
  out(text: string): void;
  /** Writes text to standard error, as it is. */
  err(text: string): void;
  /** Settles when somebody asks the process to end (SIGINT, SIGTERM). */
  interrupted(): Promise<void>;
}

/** The terminal of this process. Colours only for people: on a TTY and never with `NO_COLOR` (no-color.org). */
export function processTerminal(): Terminal {
  // Whoever reads may have seen enough, as `head` has: what is written then goes nowhere.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  return {
    cwd: process.cwd(),
    env: process.env,
    colour: process.stdout.isTTY === true && !process.env.NO_COLOR,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    interrupted: () =>
      new Promise((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
      }),
  };
}
