import { join } from 'node:path';
import type { Platform } from './platform.js';
import { Repo } from './repo.js';
import type { Stage } from './stage.js';

export interface DemoProps {
  readonly stage: Stage;
  readonly platform: Platform;
  /** The demo's own folder, which goes when all is over. */
  readonly folder: string;
  /** Holds the first files of each repository. */
  readonly example: string;
  /** Ends whatever is going on. */
  readonly signal: AbortSignal;
}

export type RepoName = 'contracts' | 'foundation' | 'shop';

/** What the steps share. */
export class Demo {
  readonly stage: Stage;
  readonly platform: Platform;
  private readonly copies = new Map<RepoName, Repo>();

  constructor(private readonly props: DemoProps) {
    this.stage = props.stage;
    this.platform = props.platform;
  }

  /** The working copy of `coffee/<name>`; made with its first commit when a step first needs it. */
  async repo(name: RepoName): Promise<Repo> {
    const known = this.copies.get(name);
    if (known) return known;
    const { example, folder, signal, stage } = this.props;
    const remote = await this.platform.remote(`coffee/${name}`);
    const at = { name: `coffee/${name}`, folder: join(folder, name), files: join(example, name), remote };
    const copy = await Repo.create(at, stage, signal);
    this.copies.set(name, copy);
    return copy;
  }
}
