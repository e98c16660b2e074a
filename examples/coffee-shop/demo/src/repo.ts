import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CommandResult, mustRun, run } from './command.js';
import type { Stage } from './stage.js';

/** Nothing of this machine's git configuration reaches the demo. */
const GIT_ENV = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'coffee shop',
  GIT_AUTHOR_EMAIL: 'developers@coffee.example',
  GIT_COMMITTER_NAME: 'coffee shop',
  GIT_COMMITTER_EMAIL: 'developers@coffee.example',
  GIT_TERMINAL_PROMPT: '0',
};

/** A developer's working copy of one repository. */
export class Repo {
  private constructor(
    readonly name: string,
    private readonly folder: string,
    private readonly stage: Stage,
    private readonly signal: AbortSignal,
  ) {}

  /** A new working copy with these files as its first commit. */
  static async create(
    at: { name: string; folder: string; files: string; remote: string },
    stage: Stage,
    signal: AbortSignal,
  ): Promise<Repo> {
    mkdirSync(at.folder, { recursive: true });
    cpSync(at.files, at.folder, {
      recursive: true,
      filter: (path) => !/[/\\](node_modules|dist|\.odmd)$/.test(path),
    });
    const repo = new Repo(at.name, at.folder, stage, signal);
    await repo.git('init', '--quiet', '--initial-branch', 'main');
    await repo.git('remote', 'add', 'platform', at.remote);
    await repo.commit(`First ${at.name.split('/')[1]}`);
    return repo;
  }

  /** Replaces text in a file; every `from` has to be there. */
  edit(file: string, changes: readonly { readonly from: string; readonly to: string }[]): void {
    const path = join(this.folder, file);
    let text = readFileSync(path, 'utf8');
    for (const { from, to } of changes) {
      if (!text.includes(from)) throw new Error(`${path} has no ${JSON.stringify(from)}`);
      text = text.replaceAll(from, to);
    }
    writeFileSync(path, text);
  }

  async commit(message: string): Promise<void> {
    await this.git('add', '--all');
    await this.git('commit', '--quiet', '--allow-empty', '--message', message);
  }

  async switchTo(branch: string, how: 'existing' | 'new' = 'existing'): Promise<void> {
    await this.git('switch', '--quiet', ...(how === 'new' ? ['--create', branch] : [branch]));
  }

  async revert(): Promise<void> {
    await this.git('revert', '--no-edit', 'HEAD');
  }

  async head(): Promise<string> {
    return (await this.git('rev-parse', 'HEAD')).stdout.trim();
  }

  /** Commits all changes and pushes the branch; gives what the push printed. */
  async commitAndPush(message: string, branch = 'main'): Promise<string> {
    await this.commit(message);
    return this.push(branch, message);
  }

  /** Pushes a branch and shows what the platform answers. @throws when git refuses */
  async push(branch = 'main', message?: string): Promise<string> {
    const told = message === undefined ? '' : `   # ${message.split('\n').filter(Boolean).join(' / ')}`;
    this.stage.command(`git push platform ${branch}   (${this.name})${told}`);
    const { code, stderr } = await run('git', ['push', 'platform', branch], this.options());
    const answers = [...stderr.matchAll(/^remote: ?(.*)$/gm)].map(([, line = '']) => line.trimEnd());
    if (answers.length > 0) this.stage.answer(answers.join('\n'));
    if (code !== 0) throw new Error(`git push of ${this.name} ended with ${code}:\n${stderr}`);
    return answers.join('\n');
  }

  private git(...args: string[]): Promise<CommandResult> {
    return mustRun('git', args, this.options());
  }

  private options() {
    return { cwd: this.folder, env: GIT_ENV, signal: this.signal };
  }
}
