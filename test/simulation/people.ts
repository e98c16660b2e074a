import {
  fullRef,
  manifestDigest,
  OdmdError,
  productPath,
  type RevisionRef,
  writeManifest,
} from '@ondemandenv/contracts-base';
import { Broken } from './broken.js';
import { BOSS, INTERN, manifestOf, PRODUCT } from './org-contracts.js';
import { changedShape, type EnverShape, type OrgShape } from './org-shape.js';
import { branches, CONTRACTS_REPO, main } from './places.js';
import type { PlatformProcess } from './platform-process.js';
import type { Stage } from './stage.js';

/** Everybody who pushes, clones, deletes, approves, changes the contracts or breaks things by hand. */
export class People {
  private serial = 0;
  private content = 0;
  /** Refs that were deleted: whoever comes back meets what was there before, or not. */
  private readonly gone = new Set<string>();

  constructor(
    private readonly stage: Stage,
    private readonly platform: PlatformProcess,
    public shape: OrgShape,
  ) {}

  /** The org begins: contracts, and in most of its repositories something to deploy. */
  async begin(): Promise<void> {
    const { random } = this.stage;
    await this.publishContracts();
    for (const repo of new Set(this.shape.envers.map((enver) => enver.repo))) {
      const own = this.shape.envers.filter((enver) => enver.repo === repo);
      const files = this.contentOf(own.map(({ build }) => build));
      if (random.chance(0.8)) await this.commit(`o/${repo}`, main, 'begin', files);
      for (const { tag } of own)
        if (tag !== undefined && random.chance(0.6))
          await this.commit(`o/${repo}`, { kind: 'tag', ref: tag }, 'release', files);
    }
  }

  async push(): Promise<void> {
    const { random } = this.stage;
    const touched = this.shape.envers.filter(() => random.chance(0.4));
    const repo = touched[0]?.repo;
    if (repo === undefined) return;
    const builds = touched.filter((enver) => enver.repo === repo).map(({ build }) => build);
    const revision = random.chance(0.7) ? main : (random.pick(branches) ?? main);
    await this.commit(`o/${repo}`, revision, 'work', this.contentOf(builds));
  }

  /** A branch without the commits that it had. */
  async forcePush(): Promise<void> {
    const { random, outside } = this.stage;
    const enver = random.pick(this.shape.envers);
    const revision = random.pick(branches);
    if (!enver || !revision) return;
    const from = await outside.source.head(`o/${enver.repo}`, main);
    if (from === undefined) return;
    // Nobody may have seen the commands that are gone now.
    for (const { build } of this.shape.envers)
      this.stage.ledger.wish(`o/${enver.repo}`, revision, build, 'unknown');
    await this.commit(`o/${enver.repo}`, revision, 'rewritten', this.contentOf([enver.build]), from);
  }

  async clone(): Promise<void> {
    const { random } = this.stage;
    const enver = random.pick(this.shape.envers);
    const revision = random.pick(branches);
    if (!enver || !revision) return;
    const one = random.chance(0.5);
    const verb = random.chance(0.4) ? 'delete' : 'create';
    const command = `${verb}${one ? ` ${enver.build}` : ''}${verb === 'create' ? '@main' : ''}`;
    const end = verb === 'create' ? random.pick(['', '', '', ' expires=20m', ' until=pr']) : '';
    const repo = `o/${enver.repo}`;
    await this.commit(repo, revision, `odmd: ${command}${end}`);
    const all = this.shape.envers.filter((other) => other.repo === enver.repo && other.tag === undefined);
    const { ledger, contracts } = this.stage;
    // An enver of a tag may have the same build, and is not what is copied.
    for (const { build, present, clones } of all) {
      if (one && build !== enver.build) continue;
      const isClear = contracts.manifest && present && clones !== 'off' && end === '';
      ledger.wish(repo, revision, build, isClear ? verb : 'unknown');
    }
  }

  /** Mostly of a branch; sometimes of what static envers are built from. */
  async deleteRef(): Promise<void> {
    const { random, outside } = this.stage;
    const { repo, tag } = random.pick(this.shape.envers) ?? {};
    const own = tag === undefined ? main : ({ kind: 'tag', ref: tag } as const);
    const revision = random.chance(0.2) ? own : random.pick(branches);
    if (repo === undefined || !revision) return;
    outside.source.deleteRef(`o/${repo}`, revision);
    this.stage.say(`delete ${revision.kind} ${revision.ref} of o/${repo}`);
    for (const { build } of this.shape.envers) this.stage.ledger.wish(`o/${repo}`, revision, build, 'delete');
    this.gone.add(`${repo} ${revision.ref}`);
    await this.platform.tell({ kind: 'ref', repo: `o/${repo}`, ref: fullRef(revision) }, 'the deletion');
  }

  /** Makes a tag that envers are built from, or moves it. */
  async tag(): Promise<void> {
    const enver = this.stage.random.pick(this.shape.envers.filter(({ tag }) => tag !== undefined));
    if (enver?.tag === undefined) return;
    const revision = { kind: 'tag', ref: enver.tag } as const;
    await this.commit(`o/${enver.repo}`, revision, 'release', this.contentOf([enver.build]));
  }

  async changeContracts(): Promise<void> {
    const { random, ledger } = this.stage;
    const before = this.shape;
    this.shape = changedShape(before, random);
    for (const [index, enver] of this.shape.envers.entries()) {
      const was = before.envers[index];
      if (was && was.present === enver.present && was.clones === enver.clones) continue;
      // Whether a clone was made before its base changed is a matter of time.
      for (const revision of branches) ledger.wish(`o/${enver.repo}`, revision, enver.build, 'unknown');
    }
    await this.publishContracts();
  }

  async publishContracts(): Promise<void> {
    const { outside, contracts } = this.stage;
    const manifest = manifestOf(this.shape);
    this.serial += 1;
    const files = { f: String(this.serial) };
    const sha = outside.source.push(CONTRACTS_REPO, main, { message: 'contracts', files });
    contracts.publish(sha, manifest);
    const latest = { sha, digest: manifestDigest(manifest), version: '1', serial: this.serial };
    await outside.manifests.put(sha, writeManifest(manifest));
    await outside.manifests.put(`latest ${sha}`, JSON.stringify(latest));
    this.stage.say(`contracts ${sha.slice(0, 7)}: ${this.shape.envers.map(describe).join(', ')}`);
    await this.platform.tell({ kind: 'ref', repo: CONTRACTS_REPO, ref: fullRef(main) }, 'the new contracts');
  }

  /** Somebody decides about an approval that is asked for; not always somebody who may. */
  async decide(): Promise<void> {
    const { random, mirror, ledger } = this.stage;
    const open = mirror.envers.flatMap(({ id, approvals }) =>
      Object.entries(approvals ?? {})
        .filter(([, { state }]) => state === 'requested')
        .map(([path, { version }]) => ({ enver: id, path, version })),
    );
    const asked = random.pick(open);
    if (!asked) return;
    const by = random.chance(0.65) ? BOSS : INTERN;
    const granted = random.chance(0.7);
    // Before it is said: the platform may obey it, and die before it says so.
    if (granted && by === BOSS) ledger.granted.add(`${asked.enver} ${asked.path} ${asked.version}`);
    const what = `${by.role} ${granted ? 'grants' : 'refuses'} ${asked.path} to ${asked.enver}`;
    await this.ask(what, async (plane) => {
      await plane.decide({ ...asked, granted, by });
      if (by === INTERN) throw new Broken(`${what}, and may not`);
    });
  }

  async deployByHand(): Promise<void> {
    const enver = this.stage.random.pick(this.stage.mirror.envers);
    if (!enver) return;
    const cause = this.stage.cause('manual');
    await this.ask(`odmd deploy ${enver.id}`, (plane) => plane.deploy(enver.id, cause));
  }

  /** Somebody deletes a parameter; its owner is deployed anew, and versions begin at 1 again. */
  async loseValue(): Promise<void> {
    const { random, outside } = this.stage;
    const owners = this.shape.envers.filter(({ tag, value }) => tag === undefined && value !== 'constant');
    const owner = random.pick(owners);
    if (!owner || !this.stage.strikes('lost value')) return;
    const enver = `${owner.build}/b..main`;
    await outside.config.deleteMany([productPath(enver, PRODUCT)]);
    this.stage.say(`the product of ${enver} is deleted by hand`);
    await this.commit(`o/${owner.repo}`, main, 'bring it back', this.contentOf([owner.build]));
    const manual = this.stage.cause('manual');
    await this.ask(`odmd deploy ${enver}`, (plane) => plane.deploy(enver, manual));
  }

  /** Somebody lets go of an enver that has left the contracts. */
  async retire(): Promise<void> {
    const { random, mirror, ledger } = this.stage;
    const left = random.pick(mirror.envers.filter(({ phase }) => phase === 'retired'));
    if (!left) return;
    ledger.retiring.add(left.id);
    await this.ask(`odmd retire ${left.id}`, (plane) => plane.retire(left.id, 'w/Boss'));
  }

  /** A pull request of a branch is opened, or closed if there is one. */
  async pullRequest(): Promise<void> {
    const { random, outside, clock } = this.stage;
    const repo = `o/${random.pick(this.shape.envers)?.repo}`;
    const revision = random.pick(branches) ?? main;
    const pulls = outside.source.pulls.get(repo) ?? [];
    const open = pulls.find(({ branch, closedAt }) => branch === revision.ref && closedAt === undefined);
    const closed = open && { ...open, closedAt: clock.now() };
    const next = closed ?? { number: pulls.length + 1, branch: revision.ref };
    outside.source.pulls.set(repo, [...pulls.filter((pull) => pull !== open), next]);
    this.stage.say(
      `pull request #${next.number} of ${repo} ${revision.ref} is ${closed ? 'closed' : 'opened'}`,
    );
    await this.platform.tell({ kind: 'ref', repo, ref: fullRef(revision) }, `pull request #${next.number}`);
  }

  private async ask(what: string, request: Parameters<PlatformProcess['attempt']>[1]): Promise<void> {
    await this.platform.attempt(what, async (plane) => {
      try {
        await request(plane);
      } catch (error) {
        if (!(error instanceof OdmdError)) throw error;
        this.stage.say(`  refused: ${error.message}`);
      }
    });
  }

  private contentOf(builds: readonly EnverShape['build'][]): Record<string, string> {
    return Object.fromEntries(builds.map((build) => [`${build}/f`, String(++this.content)]));
  }

  private async commit(
    repo: string,
    revision: RevisionRef,
    message: string,
    files: Record<string, string> = {},
    from?: string,
  ): Promise<void> {
    const { outside, ledger } = this.stage;
    const key = `${repo.slice(2)} ${revision.ref}`;
    // The platform may not have seen that the branch was gone.
    if (this.gone.delete(key))
      for (const { build } of this.shape.envers) ledger.wish(repo, revision, build, 'unknown');
    const change = { message, files, ...(from !== undefined && { from }) };
    outside.source.push(repo, revision, change);
    const what = [message, ...Object.keys(files)].join(' ');
    this.stage.say(`push ${repo} ${revision.ref}: ${what}`);
    await this.platform.tell({ kind: 'ref', repo, ref: fullRef(revision) }, `the push to ${repo}`);
  }
}

/** `b2@v0(0, 1 alarm, 3~)`: what it uses by index, with the reaction if it is not `deploy`; `~` has a placeholder. */
function describe({ build, tag, uses, present, clones }: EnverShape): string {
  const texts = uses.map(
    ({ from, reaction, placeholder }) =>
      `${from}${reaction === 'deploy' ? '' : ` ${reaction}`}${placeholder ? '~' : ''}`,
  );
  const name = `${present ? '' : 'no '}${build}${tag ? `@${tag}` : ''}`;
  return `${name}(${texts.join(', ')})${clones === 'asked' ? '' : ` clones ${clones}`}`;
}
