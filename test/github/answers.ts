import type { SentRequest } from './emulator.js';
import type { HostSettings } from './source-host.bench.js';

/** An answer that a test gives instead of the emulator. */
export function json(data: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(data), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

/** Answers requests whose path ends like this. */
export function answering(end: string, make: () => Response): HostSettings {
  return { answer: ({ path }: SentRequest) => (path.endsWith(end) ? make() : undefined) };
}
