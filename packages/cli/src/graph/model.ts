import {
  type ConsumptionEntry,
  components,
  type EnverEntry,
  type Manifest,
} from '@ondemandenv/contracts-base';

/** One enver, as far as a picture shows it. */
export interface GraphNode {
  readonly id: string;
  readonly build: string;
  /** The part of the id after the build, e.g. `b..main`. */
  readonly revision: string;
  readonly kind: EnverEntry['kind'];
  /** The account's name in the contracts. */
  readonly account: string;
  readonly region: string;
  /** `owner/name`. */
  readonly repo: string;
  readonly workDir: string;
  readonly owner?: string;
  /** Names of its products. */
  readonly products: readonly string[];
}

/** What one enver consumes of another with one reaction. */
export interface GraphEdge {
  /** Id of the producing enver. */
  readonly from: string;
  /** Id of the consuming enver. */
  readonly to: string;
  readonly onChange: ConsumptionEntry['onChange'];
  /** Names of the products, each once. */
  readonly products: readonly string[];
  /** Whether every one of them has a placeholder, so that the consumer need not wait for it. */
  readonly placeholder: boolean;
}

export interface ContractsGraph {
  readonly org: string;
  /** By id. */
  readonly nodes: readonly GraphNode[];
  /** By consumer, then producer. */
  readonly edges: readonly GraphEdge[];
  /** Envers that depend on each other, each group by id. */
  readonly cycles: readonly (readonly string[])[];
}

/** The envers of a manifest and what they consume of each other. */
export function contractsGraph(manifest: Manifest): ContractsGraph {
  const entries = Object.values(manifest.envers).sort((a, b) => compare(a.id, b.id));
  const edges = entries.flatMap(edgesInto).filter(({ from }) => from in manifest.envers);
  const graph = new Map(entries.map(({ id, consumes }) => [id, consumes.map(({ from }) => from)]));
  return {
    org: manifest.org,
    nodes: entries.map(nodeOf),
    edges,
    cycles: components(graph).filter((component) => component.length > 1),
  };
}

function nodeOf(entry: EnverEntry): GraphNode {
  return {
    id: entry.id,
    build: entry.build,
    revision: entry.id.slice(entry.build.length + 1),
    kind: entry.kind,
    account: entry.account.name,
    region: entry.region,
    repo: `${entry.repo.owner}/${entry.repo.name}`,
    workDir: entry.workDir,
    ...(entry.owner !== undefined && { owner: entry.owner }),
    products: entry.products.map(({ name }) => name),
  };
}

function edgesInto(entry: EnverEntry): GraphEdge[] {
  const groups = new Map<string, ConsumptionEntry[]>();
  for (const consumption of entry.consumes) {
    const key = `${consumption.from} ${consumption.onChange}`;
    groups.set(key, [...(groups.get(key) ?? []), consumption]);
  }
  return [...groups.values()]
    .map((group): GraphEdge => {
      const [{ from, onChange }] = group as [ConsumptionEntry];
      const products = new Set(group.map(({ path }) => productName(path)));
      const placeholder = group.every((consumption) => consumption.placeholder !== undefined);
      return { from, to: entry.id, onChange, products: [...products].sort(), placeholder };
    })
    .sort((a, b) => compare(a.from, b.from) || compare(a.onChange, b.onChange));
}

/** `bus/source` of `/odmd-share/<build>/<revision path>/bus/source`. */
function productName(path: string): string {
  return path.split('/').slice(4).join('/');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
