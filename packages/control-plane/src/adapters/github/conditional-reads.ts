import type { Octokit } from '@octokit/rest';

/** What is asked over and over: the repository, its refs, pull requests, workflow files, artifacts, and rules. */
const REPEATED =
  /^\/repos\/[^/]+\/[^/]+(?:\?|$|\/(?:git\/(?:matching-refs|ref)\/|actions\/artifacts\?|branches\/|contents\/|pulls\?|rules(?:ets)?[/?]|tags\?))/;
/** Characters of all answers together: a hundred pull requests are two million. */
const MAX_KEPT = 20_000_000;

type Headers = Readonly<Record<string, string | number | undefined>>;

interface Kept {
  readonly etag: string;
  readonly status: number;
  readonly headers: Headers;
  /** JSON text. */
  readonly data: string;
}

/**
 * Asks GitHub whether an answer that it gave before still holds; that it does costs nothing of the hour's requests. Each
 * client keeps its own answers, and GitHub itself says each time whether they hold for who asks. (It answers in full
 * once after the client got a new token, every hour.)
 */
export function conditionalReads(octokit: Pick<Octokit, 'hook' | 'request'>): void {
  const answers = new Answers();
  octokit.hook.wrap('request', async (request, options) => {
    const { method, url } = octokit.request.endpoint.parse(options);
    const path = url.slice(options.baseUrl.length);
    if (method !== 'GET' || !url.startsWith(options.baseUrl) || !REPEATED.test(path)) return request(options);
    const known = answers.get(path);
    if (known) options.headers = { ...options.headers, 'if-none-match': known.etag };
    try {
      const response = await request(options);
      answers.keep(path, response.status, response.headers, response.data);
      return response;
    } catch (error) {
      if (!known || !isUnchanged(error)) throw error;
      return { url, status: known.status, headers: known.headers, data: JSON.parse(known.data) };
    }
  });
}

/** The answers that were asked for last. */
class Answers {
  private readonly kept = new Map<string, Kept>();
  private size = 0;

  get(path: string): Kept | undefined {
    const found = this.kept.get(path);
    if (!found) return undefined;
    this.kept.delete(path);
    this.kept.set(path, found);
    return found;
  }

  keep(path: string, status: number, headers: Headers, answer: unknown): void {
    this.forget(path);
    const { etag } = headers;
    if (status !== 200 || typeof etag !== 'string') return;
    const data = JSON.stringify(answer);
    this.kept.set(path, { etag, status, headers, data });
    this.size += data.length;
    for (const oldest of this.kept.keys()) {
      if (this.size <= MAX_KEPT) return;
      this.forget(oldest);
    }
  }

  private forget(path: string): void {
    this.size -= this.kept.get(path)?.data.length ?? 0;
    this.kept.delete(path);
  }
}

function isUnchanged(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 304;
}
