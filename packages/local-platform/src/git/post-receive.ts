import { readFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { formatFinding } from '@ondemandenv/contracts-base';
import { runGit } from './run-git.js';

/** One ref of a push: full name, and its object before and after (all zeros: none). */
export interface RefUpdate {
  readonly ref: string;
  readonly old: string;
  readonly new: string;
}

export interface Push {
  /** The platform's folder. */
  readonly home: string;
  /** `owner/name`. */
  readonly repo: string;
  readonly updates: readonly RefUpdate[];
}

const STORED = 'The push is stored; the platform picks it up when it starts.\n';

/** The lines `<old> <new> <ref>` that git gives to a post-receive hook. */
export function parseUpdates(input: string): RefUpdate[] {
  const updates: RefUpdate[] = [];
  for (const line of input.split('\n')) {
    const [old, sha, ref] = line.split(' ');
    if (old && sha && ref) updates.push({ ref, old, new: sha });
  }
  return updates;
}

/** Tells the platform of a push, and prints what it answers, as it comes. Never throws: the push is done. */
export async function announcePush(push: Push, print: (text: string) => void): Promise<void> {
  const platform = readPlatform(push.home);
  if (!platform) return print(`The platform is not running. ${STORED}`);
  const response = await post(platform, { repo: push.repo, updates: push.updates });
  if (!response) return print(`The platform does not answer. ${STORED}`);
  response.setEncoding('utf8');
  let refusal = '';
  try {
    for await (const text of response) {
      if (response.statusCode === 200) print(text);
      else refusal += text;
    }
  } catch {
    return print(`\nThe platform stopped. ${STORED}`);
  }
  if (response.statusCode !== 200)
    print(`${refusalText(response.statusCode, refusal)}\nThe push is stored all the same.\n`);
}

/** The first branch that is pushed to an empty repo becomes its default branch, as on GitHub. */
export async function adoptDefaultBranch(folder: string, push: Push, searchPath: string): Promise<void> {
  const first = push.updates.find(({ ref, new: sha }) => ref.startsWith('refs/heads/') && !/^0+$/.test(sha));
  if (!first) return;
  const verify = ['rev-parse', '--verify', '--quiet', 'HEAD'];
  if ((await runGit(folder, verify, { searchPath, accept: [0, 1] })).code === 0) return;
  await runGit(folder, ['symbolic-ref', 'HEAD', first.ref], { searchPath });
}

interface Platform {
  readonly pushes: URL;
  readonly token: string;
}

function readPlatform(home: string): Platform | undefined {
  try {
    const { url, token } = JSON.parse(readFileSync(join(home, 'platform.json'), 'utf8'));
    return { pushes: new URL('/hooks/push', String(url)), token: String(token) };
  } catch {
    return undefined;
  }
}

/** Not `fetch`: that gives up on an answer that is silent for five minutes. */
function post(
  platform: Platform,
  body: { repo: string; updates: readonly RefUpdate[] },
): Promise<IncomingMessage | undefined> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${platform.token}`, 'content-type': 'application/json' };
    const call = request(platform.pushes, { method: 'POST', headers }, resolve);
    call.on('error', () => resolve(undefined));
    call.end(JSON.stringify(body));
  });
}

function refusalText(status: number | undefined, body: string): string {
  try {
    return formatFinding(JSON.parse(body));
  } catch {
    return `The platform refused the push (HTTP ${status}).`;
  }
}
