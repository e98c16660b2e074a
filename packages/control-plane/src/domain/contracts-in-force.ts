import {
  CONTRACTS_LIB_LATEST,
  canonicalJson,
  clone,
  components,
  contractsLibLatestSchema,
  type EnverEntry,
  entryDigest,
  enverId,
  type Manifest,
  neighboursOf,
  OdmdError,
  productPath,
  readManifest,
  revisionPath,
  sha256,
  toJsonSchema,
} from '@ondemandenv/contracts-base';
import type { ManifestStore, RecordStore } from '../ports/index.js';
import type { Installation } from './control-plane.js';
import { consumedPaths, repoName } from './record-writes.js';
import type { AppliedRecord, EnverRecord } from './records.js';

/** An enver as far as its contract entry depends on it: a static one by its id, a clone by its origin. */
export type Contracted = Pick<EnverRecord, 'id' | 'revision' | 'clone'>;

/** The contracts that one sync applied, and what follows from them for one enver. They never change. */
export class ContractsInForce {
  constructor(
    private readonly installation: Installation,
    /** Absent before the first sync. */
    readonly applied?: { readonly record: AppliedRecord; readonly manifest: Manifest },
  ) {}

  get manifest(): Manifest | undefined {
    return this.applied?.manifest;
  }

  /** The repositories that the contracts name, each `owner/name`. */
  get repos(): Set<string> {
    const declared = Object.values(this.manifest?.repos ?? {}).map((repo) => ({ repo }));
    return new Set([this.installation, ...declared].map(repoName));
  }

  /** Id of the contractsLib's own enver. */
  get contractsLibId(): string {
    return enverId(this.installation.build, revisionPath(this.installation.revision));
  }

  /** The entry in force; a clone's is derived from its base at every call, so that clones follow the contracts. */
  entry(enver: Contracted): EnverEntry | undefined {
    return entryIn(this.manifest, enver) ?? this.bootstrapEntry(enver.id);
  }

  /** The record as its entry in force has it. */
  follow(record: EnverRecord, entry: EnverEntry): EnverRecord {
    const digest = entryDigest(entry);
    if (record.entryDigest === digest) return record;
    return {
      ...record,
      repo: repoName(entry),
      entryDigest: digest,
      contracts: this.applied?.record.sha ?? record.contracts,
      consumes: consumedPaths(entry, record),
    };
  }

  /**
   * Another one when the roles of an enver have to be made anew: for its own entry, or for those with which it shares
   * images and artifacts.
   *
   * @param digest of the entry
   */
  rolesDigest(entry: EnverEntry, digest: string): string {
    const neighbours = this.manifest && neighboursOf(this.manifest, entry);
    if (!neighbours || Object.values(neighbours).every((list) => list.length === 0)) return digest;
    return sha256(canonicalJson({ digest, ...neighbours }));
  }

  /**
   * Every enver upstream of this one over `deploy` edges, outside its own dependency cycle, dependencies first.
   * The order matters to readers: see `gate`.
   */
  upstream(enver: Contracted): string[] {
    return this.components(enver)
      .filter((component) => !component.includes(enver.id))
      .flat();
  }

  /** Those whose products come back to them by way of this one, itself included; empty when it is on no cycle. */
  cycleOf(enver: Contracted): ReadonlySet<string> {
    const own = this.components(enver).find((component) => component.includes(enver.id)) ?? [];
    return new Set(own.length > 1 ? own : []);
  }

  /** The cycles, and the envers on none, among all that this one depends on over `deploy` edges. */
  private components(enver: Contracted): string[][] {
    const { manifest } = this;
    if (!manifest) return [];
    const own = new Map(cloneSet(manifest, enver).map((entry) => [entry.id, entry]));
    const graph = new Map<string, string[]>();
    const todo = [enver.id];
    for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
      if (graph.has(id)) continue;
      const uses = (own.get(id) ?? manifest.envers[id])?.consumes ?? [];
      const dependencies = uses.filter((use) => use.onChange === 'deploy').map((use) => use.from);
      graph.set(id, dependencies);
      todo.push(...dependencies);
    }
    return components(graph);
  }

  /** Before the first sync the contractsLib's own enver is known from the installation alone. */
  private bootstrapEntry(id: string): EnverEntry | undefined {
    if (id !== this.contractsLibId) return undefined;
    const { build, repo, revision, account, region } = this.installation;
    const type = toJsonSchema(contractsLibLatestSchema);
    if ('problems' in type) throw new Error(`unreachable: ${type.problems.join('; ')}`);
    return {
      id,
      build,
      kind: 'contractsLib',
      repo: { ...repo },
      workDir: '.',
      extraPaths: [],
      revision: { ...revision },
      account: { ...account },
      region,
      timeoutMinutes: 30,
      commands: { test: [], deploy: [], destroy: [] },
      stacks: [],
      images: [],
      tags: {},
      ephemeral: false,
      exec: { services: [], statements: [] },
      runtimeGrants: [],
      products: [
        {
          name: CONTRACTS_LIB_LATEST,
          path: productPath(id, CONTRACTS_LIB_LATEST),
          kind: 'value',
          schema: type.schema,
        },
      ],
      consumes: [],
      clones: 'off',
    };
  }
}

/** Loads the contracts in force; a manifest that was read once is not read again. */
export function contractsLoader(
  records: RecordStore,
  manifests: ManifestStore,
  installation: Installation,
): () => Promise<ContractsInForce> {
  let cache: { digest: string; manifest: Manifest } | undefined;
  return async () => {
    const record = await records.get('applied', 'applied');
    if (!record) return new ContractsInForce(installation);
    if (cache?.digest !== record.digest) {
      const manifest = await manifestOf(manifests, record.sha);
      if (!manifest)
        throw new OdmdError('ODMD401', `the manifest of the applied contracts ${record.sha} is gone`, {
          fix: 'put it back where it was: `odmd synth` at that commit writes the same again',
        });
      cache = { digest: record.digest, manifest };
    }
    return new ContractsInForce(installation, { record, manifest: cache.manifest });
  };
}

/** The entry that a record last acted on: the only one there is of an enver that left the contracts. */
export async function lastEntry(
  manifests: ManifestStore,
  record: Contracted & Pick<EnverRecord, 'contracts'>,
): Promise<EnverEntry | undefined> {
  return entryIn(await manifestOf(manifests, record.contracts), record);
}

async function manifestOf(manifests: ManifestStore, sha: string): Promise<Manifest | undefined> {
  const bytes = await manifests.get(sha);
  return bytes === undefined ? undefined : readManifest(bytes, `manifest of ${sha}`);
}

/** The entry that a manifest has for a static enver, or derives for a clone. */
export function entryIn(manifest: Manifest | undefined, enver: Contracted): EnverEntry | undefined {
  if (!manifest) return undefined;
  if (!enver.clone) return manifest.envers[enver.id];
  return cloneSet(manifest, enver).find((entry) => entry.id === enver.id);
}

/** The entries of the set that a clone belongs to; none for a static enver or when its base may not be cloned. */
function cloneSet(manifest: Manifest, enver: Contracted): EnverEntry[] {
  const base = enver.clone && manifest.envers[enver.clone.base];
  if (!base || !enver.clone || base.clones === 'off') return [];
  return clone(manifest, {
    builds: enver.clone.builds,
    base: base.revision,
    revision: enver.revision,
  });
}
