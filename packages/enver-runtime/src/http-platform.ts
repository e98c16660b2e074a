import { type EnverEntry, enverEntrySchema, OdmdError } from '@ondemandenv/contracts-base';
import { z } from 'zod';
import { parseJson } from './parse-json.js';
import type { EnverPlatform, JobEvent, StoredValue, ValueName } from './platform.js';
import {
  emptyAnswerSchema,
  errorAnswerSchema,
  formatValueName,
  READ_BATCH,
  RUNTIME_PATHS,
  readAnswerSchema,
  writeAnswerSchema,
} from './protocol.js';
import { defaultRetry, type RetryPolicy, retrying, type Try } from './retry.js';

export interface HttpPlatformOptions {
  /** The platform's address, without a slash at its end. */
  readonly url: string;
  /** Bearer token of the job. */
  readonly token: string;
  /** @default 30 seconds for one try, its body included */
  readonly timeoutMs?: number;
  /** @default 4 tries, about 1.5 seconds of waiting in all */
  readonly retry?: RetryPolicy;
}

interface Call {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: object;
  /** Completes "the platform refused to …". */
  readonly what: string;
}

/**
 * The platform behind HTTP. No answer, 429 and 5xx are tried again; every other refusal is final.
 * Errors: the server's own code, or ODMD502 no answer · ODMD503 refused without a reason · ODMD504 not understood.
 */
export class HttpPlatform implements EnverPlatform {
  readonly publishesPackages = false;
  private readonly options: HttpPlatformOptions;

  constructor(options: HttpPlatformOptions) {
    this.options = options;
  }

  entry(): Promise<EnverEntry> {
    const call = { method: 'GET', path: RUNTIME_PATHS.entry, what: "read the enver's contract" } as const;
    return this.call(call, enverEntrySchema);
  }

  async read(names: readonly ValueName[]): Promise<StoredValue[]> {
    const unique = [...new Set(names.map(formatValueName))];
    const values: StoredValue[] = [];
    for (let start = 0; start < unique.length; start += READ_BATCH) {
      const batch = unique.slice(start, start + READ_BATCH);
      const body = { names: batch };
      const call = {
        method: 'POST',
        path: RUNTIME_PATHS.read,
        body,
        what: `read ${batch.join(', ')}`,
      } as const;
      values.push(...(await this.call(call, readAnswerSchema)).values);
    }
    return values;
  }

  async write(path: string, value: string): Promise<{ version: number }> {
    const body = { path, value };
    return this.call(
      { method: 'PUT', path: RUNTIME_PATHS.write, body, what: `write ${path}` },
      writeAnswerSchema,
    );
  }

  async announce(events: readonly JobEvent[]): Promise<void> {
    const what = `announce ${events.map(({ type }) => type).join(', ')}`;
    await this.call(
      { method: 'POST', path: RUNTIME_PATHS.events, body: { events }, what },
      emptyAnswerSchema,
    );
  }

  async uploadManifest(sha: string, manifest: string): Promise<void> {
    const body = { sha, manifest };
    const call = { method: 'PUT', path: RUNTIME_PATHS.manifests, body, what: `keep the manifest of ${sha}` };
    await this.call({ ...call, method: 'PUT' }, emptyAnswerSchema);
  }

  /** The commands of a job on this machine need none. */
  async credentials(): Promise<Record<string, never>> {
    return {};
  }

  private async call<T>(call: Call, answer: z.ZodType<T>): Promise<T> {
    const text = await retrying(this.options.retry ?? defaultRetry, () => this.attempt(call));
    const result = answer.safeParse(parseJson(text));
    if (result.success) return result.data;
    throw new OdmdError(
      'ODMD504',
      `the platform's answer was not understood:\n${z.prettifyError(result.error)}`,
      {
        where: `${call.method} ${call.path}`,
        fix: 'use releases of the platform and of odmd-enver that belong together',
      },
    );
  }

  private async attempt(call: Call): Promise<Try<string>> {
    try {
      const response = await this.fetch(call);
      const text = await response.text();
      if (response.ok) return { ok: true, value: text };
      const error = errorOf(call, response.status, text);
      if (response.status !== 429 && response.status < 500) throw error;
      return { ok: false, error, afterMs: Number(response.headers.get('retry-after') ?? 0) * 1000 || 0 };
    } catch (cause) {
      if (cause instanceof OdmdError) throw cause;
      return { ok: false, error: noAnswer(this.options.url, call, cause) };
    }
  }

  private fetch({ method, path, body }: Call): Promise<Response> {
    return fetch(this.options.url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.options.token}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      // A redirect is an answer like any other: the token goes to the platform's own address only.
      redirect: 'manual',
      signal: AbortSignal.timeout(this.options.timeoutMs ?? 30_000),
    });
  }
}

function errorOf(call: Call, status: number, text: string): OdmdError {
  const answer = errorAnswerSchema.safeParse(parseJson(text)).data;
  const refused = status < 500;
  const fix = answer?.fix ?? DEFAULT_FIX[status];
  return new OdmdError(
    answer?.code ?? 'ODMD503',
    `the platform ${refused ? 'refused to' : 'could not'} ${call.what}: ${answer?.message ?? `status ${status}`}`,
    { where: answer?.where ?? `${call.method} ${call.path}`, ...(fix !== undefined && { fix }) },
  );
}

const DEFAULT_FIX: Readonly<Record<number, string>> = {
  401: 'the token is no longer valid: the job has ended or was replaced',
  403: 'an enver reads what it consumes and writes what it produces: declare it in the contracts',
};

function noAnswer(url: string, call: Call, cause: unknown): OdmdError {
  return new OdmdError('ODMD502', `no answer from the platform, asked to ${call.what}: ${reasonOf(cause)}`, {
    where: url,
    fix: 'check that the platform is running and can be reached from here',
    cause,
  });
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'timed out';
  const cause: unknown = error.cause;
  if (!(cause instanceof Error)) return error.message;
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}
