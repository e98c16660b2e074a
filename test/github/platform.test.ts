import {
  Build,
  CONTRACTS_LIB_LATEST,
  Contracts,
  ContractsLibEnver,
  canonicalJson,
  deployedStatePath,
  dispatchStatePath,
  manifestDigest,
  productPath,
  Revision,
  type RevisionRef,
  ScriptEnver,
  writeManifest,
} from '@ondemandenv/contracts-base';
import { type ControlPlane, createControlPlane, keyValuePorts } from '@ondemandenv/control-plane';
import {
  GitHubNotifier,
  GitHubRepos,
  GitHubSourceHost,
  verifyWebhook,
  worksOf,
} from '@ondemandenv/control-plane/github';
import { MemoryKeyValue, MemoryProvisioner } from '@ondemandenv/control-plane/memory';
import { LATER_STEP } from '@ondemandenv/workflow-gen';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { GitHubEmulator, INSTALLATION, ORG, WEBHOOK_SECRET } from './emulator.js';
import { Receiver } from './receiver.js';
import { identities, workflowsOf } from './source-host.bench.js';

/*
 * The platform's own domain on GitHub: what people push reaches it as signed webhooks, and it starts runs and answers
 * there. Everything but GitHub is in memory, and the test plays the jobs.
 */

const main: RevisionRef = { kind: 'branch', ref: 'main' };
const feature: RevisionRef = { kind: 'branch', ref: 'feature/$(id)' };

function contracts(): Contracts {
  const org = new Contracts('org', {
    accounts: { central: { id: '111111111111', central: true }, dev: { id: '222222222222' } },
    repos: { contracts: { owner: ORG, name: 'contracts' }, shop: { owner: ORG, name: 'shop' } },
  });
  const place = { revision: Revision.branch('main'), account: 'dev', region: 'us-west-1' };
  new ContractsLibEnver(new Build(org, 'contracts', { repo: 'contracts' }), place);
  const commands = { deploy: ['make'], destroy: ['make clean'] };
  new ScriptEnver(new Build(org, 'web', { repo: 'shop' }), { ...place, ...commands, clones: { max: 2 } });
  return org;
}

class Platform {
  private ahead = 0;
  private readonly clock = { now: () => Date.now() + this.ahead };
  private readonly ports = keyValuePorts(new MemoryKeyValue(), this.clock);
  private readonly plane: ControlPlane;
  private seen = 0;

  constructor(
    emulator: GitHubEmulator,
    private readonly hook: Receiver,
  ) {
    const app = emulator.app();
    const installations = { [ORG]: INSTALLATION };
    const repos = new GitHubRepos({ app, installations, identities: identities() });
    const entryOf = (id: string) => this.plane.entry(id);
    this.plane = createControlPlane(
      {
        ...this.ports,
        clock: this.clock,
        source: new GitHubSourceHost({ repos, entryOf, filesOf: workflowsOf, laterStep: LATER_STEP }),
        notifier: new GitHubNotifier({ app, repos, entryOf }),
        stacks: new MemoryProvisioner(),
      },
      {
        build: 'contracts',
        repo: { owner: ORG, name: 'contracts' },
        revision: main,
        account: { name: 'dev', id: '222222222222' },
        region: 'us-west-1',
      },
    );
  }

  /** Takes in what webhooks came, and works, until it is so. */
  async until(check: () => Promise<void>): Promise<void> {
    await vi.waitFor(
      async () => {
        await this.work();
        await check();
      },
      { timeout: 15_000, interval: 100 },
    );
  }

  /** Lets the time go by after which a live run is looked at without a hint. */
  async later(): Promise<void> {
    this.ahead += 60_000;
    await this.plane.tick();
  }

  async phases(): Promise<Record<string, string>> {
    return Object.fromEntries((await this.plane.envers()).map(({ id, phase }) => [id, phase]));
  }

  async dispatchOf(enver: string): Promise<{ id: string; vector: { source: { sha: string } } }> {
    const path = dispatchStatePath(enver);
    return JSON.parse((await this.ports.config.getMany([path])).get(path)?.value ?? '{}');
  }

  /** Plays what the job of an enver writes when it did well. */
  async deployed(enver: string): Promise<string> {
    const { id: dispatchId, vector } = await this.dispatchOf(enver);
    await this.ports.config.put(deployedStatePath(enver), canonicalJson({ dispatchId, vector }));
    return dispatchId;
  }

  /** Plays what the job of the contracts publishes. */
  async publish(): Promise<string> {
    const result = contracts().synth();
    if (!result.ok) throw new Error(JSON.stringify(result.errors));
    const enver = 'contracts/b..main';
    const { sha } = (await this.dispatchOf(enver)).vector.source;
    await this.ports.manifests.put(sha, writeManifest(result.manifest));
    const path = productPath(enver, CONTRACTS_LIB_LATEST);
    const latest = { sha, digest: manifestDigest(result.manifest), version: '1.0.0', serial: 1 };
    await this.ports.config.put(path, canonicalJson(latest));
    await this.plane.productsPublished([path], 'published');
    return this.deployed(enver);
  }

  private async work(): Promise<void> {
    for (const { body, headers } of this.hook.received.slice(this.seen)) {
      const { event, payload } = verifyWebhook(body, headers, [WEBHOOK_SECRET]);
      const cause = `webhook ${++this.seen}`;
      for (const work of worksOf(event, payload, [INSTALLATION])) await this.ports.queue.send(work, cause);
    }
    for (;;) {
      const [delivery] = await this.ports.queue.receive(1);
      if (!delivery) return;
      await this.plane.handle(delivery.work);
      await this.ports.queue.done(delivery);
    }
  }
}

let emulator: GitHubEmulator;
let hook: Receiver;
beforeAll(async () => {
  hook = await Receiver.start();
  emulator = await GitHubEmulator.start({ webhookUrl: hook.url });
});
afterAll(async () => {
  await emulator.close();
  await hook.close();
});

it('deploys what is pushed, clones for a commit line, and deletes for one', async () => {
  const platform = new Platform(emulator, hook);
  const phase = (enver: string, expected: string | undefined) =>
    platform.until(async () => expect((await platform.phases())[enver]).toBe(expected));
  const end = async (dispatchId: string) => {
    await emulator.endRun(dispatchId, 'success');
    await platform.later();
  };
  const succeed = async (enver: string) => {
    await phase(enver, 'running');
    await end(await platform.deployed(enver));
    await phase(enver, 'deployed');
  };
  for (const name of ['contracts', 'shop']) await emulator.createRepo(name);

  await emulator.push('o/contracts', main, { message: 'the contracts' });
  await phase('contracts/b..main', 'running');
  await end(await platform.publish());
  await phase('contracts/b..main', 'deployed');
  await phase('web/b..main', 'idle');

  await emulator.push('o/shop', main, { message: 'the shop', files: { 'index.html': '1' } });
  await succeed('web/b..main');

  await emulator.push('o/shop', feature, {
    message: 'try it\n\nodmd: create@main',
    files: { 'index.html': '2' },
  });
  const { number } = await emulator.openPullRequest('o/shop', feature.ref);
  await platform.until(async () => expect(Object.keys(await platform.phases())).toHaveLength(3));
  const clone = Object.keys(await platform.phases()).find((id) => id.includes('-_')) ?? '';
  await succeed(clone);
  const comments = async () => {
    const found: { body: string }[] = await emulator.rest('GET', `/repos/o/shop/issues/${number}/comments`);
    return found.map(({ body }) => body);
  };
  const state = (id: string, shown: string) => `<code>${id}</code></td><td><code>${shown}</code>`;
  await platform.until(async () =>
    expect(await comments()).toEqual([expect.stringContaining(state(clone, 'deployed'))]),
  );

  await emulator.push('o/shop', feature, { message: 'done\n\nodmd: create@nowhere\nodmd: delete' });
  await phase(clone, 'deleting');
  const { id } = await platform.dispatchOf(clone);
  const { workflow_runs } = await emulator.rest('GET', '/repos/o/shop/actions/runs');
  const names = workflow_runs.map((run: Record<string, string>) => [run.display_title, run.head_branch]);
  expect(names).toContainEqual([`ODMD teardown ${id} ${clone}`, 'main']);
  expect(names).toHaveLength(3);
  const shown = await comments();
  expect(shown).toEqual([expect.stringContaining('is built from "nowhere"')]);
  expect(shown).toEqual([expect.stringContaining(state(clone, 'deleting'))]);

  await end(id);
  await phase(clone, undefined);
  await platform.until(async () =>
    expect(await comments()).toEqual([expect.stringMatching(/no environments any more[\s\S]*"nowhere"/)]),
  );
});
