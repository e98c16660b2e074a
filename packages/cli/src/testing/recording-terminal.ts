import type { Terminal } from '../terminal.js';

export interface RecordingTerminal extends Terminal {
  /** What was written to standard output. */
  text(): string;
  /** What was written to standard error. */
  errors(): string;
}

/** A terminal that keeps what is written to it. */
export function recordingTerminal(settings: { colour?: boolean; cwd?: string } = {}): RecordingTerminal {
  let out = '';
  let err = '';
  return {
    cwd: settings.cwd ?? '/',
    env: {},
    colour: settings.colour ?? false,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    interrupted: () => new Promise(() => {}),
    text: () => out,
    errors: () => err,
  };
}
