import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import type { GitHubEmulator } from '../github/emulator.js';
import { runProgram } from './command.js';

interface Blob {
  readonly repo_id: number;
  readonly sha: string;
  readonly content: string;
  readonly encoding: string;
}

interface Tree {
  readonly repo_id: number;
  readonly sha: string;
  readonly tree: readonly {
    readonly path: string;
    readonly mode: string;
    readonly type: string;
    readonly sha: string;
  }[];
}

interface Commit {
  readonly repo_id: number;
  readonly sha: string;
  readonly message: string;
  readonly tree_sha: string;
  readonly parent_shas: readonly string[];
  readonly author_name: string;
  readonly author_email: string;
  readonly author_date: string;
  readonly committer_name: string;
  readonly committer_email: string;
  readonly committer_date: string;
}

interface Objects {
  readonly blobs: { all(): Blob[] };
  readonly trees: { all(): Tree[] };
  readonly commits: { all(): Commit[] };
}

/**
 * What the GitHub emulator has of a repository as a real one of git: it names objects as git does, but nothing can be
 * fetched from it.
 */
export class GitMirror {
  constructor(
    private readonly github: GitHubEmulator,
    /** Where the bare repositories are. */
    private readonly folder: string,
  ) {}

  /** Brings a repository up to date. @returns its folder */
  async of(fullName: string): Promise<string> {
    const { store } = this.github.inside;
    const repo = store.repos.all().find(({ full_name }) => full_name === fullName);
    if (!repo) throw new Error(`GitHub has no repository ${fullName}`);
    const folder = join(this.folder, `${fullName}.git`);
    if (!existsSync(folder)) {
      mkdirSync(folder, { recursive: true });
      await git(folder, 'init', '--quiet', '--bare');
      await git(folder, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    }
    const own = <Row extends { readonly repo_id: number }>(table: { all(): Row[] }) =>
      table.all().filter(({ repo_id }) => repo_id === repo.id);
    const objects = store as unknown as Objects;
    for (const blob of own(objects.blobs)) {
      const encoding = blob.encoding === 'base64' ? 'base64' : 'utf8';
      write(folder, 'blob', blob.sha, Buffer.from(blob.content, encoding));
    }
    for (const tree of own(objects.trees)) write(folder, 'tree', tree.sha, treeBytes(tree));
    for (const commit of own(objects.commits)) write(folder, 'commit', commit.sha, commitBytes(commit));
    for (const { ref, sha } of own(store.refs)) await git(folder, 'update-ref', ref, sha);
    return folder;
  }
}

export async function git(cwd: string, ...args: string[]): Promise<string> {
  const { code, out, log } = await runProgram('git', args, { cwd });
  if (code !== 0) throw new Error(`git ${args.join(' ')}: ${log}`);
  return out.toString().trim();
}

/** A loose object; that it has the name that the emulator gave it is what makes the mirror one. */
function write(folder: string, type: string, sha: string, content: Buffer): void {
  const bytes = Buffer.concat([Buffer.from(`${type} ${content.byteLength}\0`), content]);
  const name = createHash('sha1').update(bytes).digest('hex');
  if (name !== sha) throw new Error(`the ${type} ${sha} is ${name} for git`);
  const file = join(folder, 'objects', sha.slice(0, 2), sha.slice(2));
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, deflateSync(bytes));
}

function treeBytes({ tree }: Tree): Buffer {
  const key = ({ path, type }: Tree['tree'][number]) => Buffer.from(type === 'tree' ? `${path}/` : path);
  const sorted = [...tree].sort((a, b) => Buffer.compare(key(a), key(b)));
  return Buffer.concat(
    sorted.flatMap(({ mode, path, sha }) => [
      Buffer.from(`${mode.replace(/^0+/, '')} ${path}\0`),
      Buffer.from(sha, 'hex'),
    ]),
  );
}

function commitBytes(commit: Commit): Buffer {
  const at = (date: string) => `${Math.floor(Date.parse(date) / 1000)} +0000`;
  const lines = [
    `tree ${commit.tree_sha}`,
    ...commit.parent_shas.map((sha) => `parent ${sha}`),
    `author ${commit.author_name} <${commit.author_email}> ${at(commit.author_date)}`,
    `committer ${commit.committer_name} <${commit.committer_email}> ${at(commit.committer_date)}`,
  ];
  const message = commit.message.endsWith('\n') ? commit.message : `${commit.message}\n`;
  return Buffer.from(`${lines.join('\n')}\n\n${message}`);
}
