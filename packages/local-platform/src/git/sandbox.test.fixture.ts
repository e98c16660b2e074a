import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { GitRepos } from './repos.js';

/** A platform's git side in a folder of its own, and a developer's working copies, for tests. */
export class Sandbox {
  /** Hostile on purpose: a space and a quote. */
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), "odmd it's ")));
  readonly home = join(this.root, 'home');
  readonly repos = new GitRepos({ home: this.home });

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** A repo of the platform and an empty working copy with `origin` set to it. */
  async work(repo: string): Promise<Work> {
    const { folder } = await this.repos.ensure(repo);
    const work = new Work(join(this.root, 'work', repo), this.root);
    await work.git('init', '--quiet', '--initial-branch=main');
    await work.git('remote', 'add', 'origin', folder);
    return work;
  }
}

/** A developer's working copy. */
export class Work {
  /** `userHome`: where git finds the developer's own settings. */
  constructor(
    readonly folder: string,
    private readonly userHome: string,
  ) {
    mkdirSync(folder, { recursive: true });
  }

  /** Runs git; what it printed, without the last newline. */
  async git(...args: string[]): Promise<string> {
    return (await this.run(args)).stdout.trimEnd();
  }

  /** Pushes; all that the user sees of it. */
  async push(...args: string[]): Promise<string> {
    return (await this.run(['push', 'origin', ...args])).stderr;
  }

  /** Pushes past the hook, which takes its time. */
  async store(...args: string[]): Promise<void> {
    const receivePack = '--receive-pack=git -c core.hooksPath=/dev/null receive-pack';
    await this.run(['push', '--quiet', receivePack, 'origin', ...args]);
  }

  /** Writes files (executable when they start with `#!`), commits them, and returns the commit. */
  async commit(message: string, files: Record<string, string> = {}): Promise<string> {
    for (const [path, content] of Object.entries(files)) {
      const file = join(this.folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content, { mode: content.startsWith('#!') ? 0o755 : 0o644 });
    }
    await this.git('add', '--all');
    await this.git('commit', '--quiet', '--allow-empty', '-m', message);
    return this.git('rev-parse', 'HEAD');
  }

  /** Many commits at once: a stream as in git-fast-import(1). */
  async fastImport(stream: string): Promise<void> {
    await this.run(['fast-import', '--quiet'], stream);
  }

  start(...args: string[]): ChildProcessWithoutNullStreams {
    const person = ['-c', 'user.name=Dev', '-c', 'user.email=dev@example.com'];
    const env = { PATH: process.env.PATH, HOME: this.userHome, LC_ALL: 'C' };
    return spawn('git', [...person, ...args], { cwd: this.folder, env });
  }

  private async run(args: string[], input = ''): Promise<{ stdout: string; stderr: string }> {
    const child = this.start(...args);
    child.stdin.on('error', () => {}).end(input); // It may end without reading.
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    if (code !== 0) throw new Error(`git ${args.join(' ')}: ${code}\n${stdout}${stderr}`);
    return { stdout, stderr };
  }
}
