/** What the demo reads of `odmd status --json`. */
export interface Status {
  readonly contracts: { readonly sha: string } | null;
  readonly envers: readonly EnverStatus[];
  /** Paths of products in the config store whose enver is no more. */
  readonly leftovers: readonly string[];
}

export interface EnverStatus {
  readonly id: string;
  readonly phase: string;
  readonly reason: string;
  readonly cloneOf?: string;
  readonly deployed?: { readonly at: number; readonly sha: string };
  readonly products: readonly { readonly name: string; readonly version: number }[];
  readonly services: readonly { readonly name: string; readonly url: string; readonly pid?: number }[];
}

/** What it reads of `odmd local events --json`. */
export interface PlatformEvent {
  readonly seq: number;
  readonly type: string;
  readonly detail: { readonly enver?: string };
}

/** What the web client answers at `/shop.json`. */
export interface Shop {
  readonly enver: string;
  readonly greeting: string;
  readonly specials: string;
  readonly prices: Readonly<Record<string, string>>;
  readonly menu: readonly { readonly name: string; readonly cents: number }[];
  readonly manager: { readonly enver: string; readonly specials: string };
  readonly processor: { readonly enver: string; readonly prices: Readonly<Record<string, string>> };
}

/** The envers of the shop's main branches. */
export const MAIN = {
  contracts: 'contracts/b..main',
  foundation: 'foundation/b..main',
  manager: 'order-manager/b..main',
  processor: 'order-processor/b..main',
  web: 'web-client/b..main',
} as const;

export function enver(status: Status, id: string): EnverStatus {
  const found = status.envers.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`odmd status has no ${id}, only ${status.envers.map((e) => e.id).join(', ')}`);
  return found;
}

/** Envers that were deployed, in order; one that was deployed twice is there twice. */
export function deployed(events: readonly PlatformEvent[]): string[] {
  return named(events, 'EnverDeployed');
}

/** The envers of the events of one type, in order. */
export function named(events: readonly PlatformEvent[], type: string): string[] {
  return events.filter((event) => event.type === type).map((event) => event.detail.enver ?? '');
}

export function sameSet(found: readonly string[], wanted: readonly string[]): boolean {
  return JSON.stringify([...found].sort()) === JSON.stringify([...wanted].sort());
}

/** The address of an enver's only service. */
export function address(status: Status, id: string): string {
  const [service] = enver(status, id).services;
  if (!service) throw new Error(`${id} has no service`);
  return service.url;
}

/** What a web client says as data. */
export async function shopAt(url: string): Promise<Shop> {
  return JSON.parse(await get(`${url}/shop.json`));
}

/** The page that guests of a web client see. */
export function pageAt(url: string): Promise<string> {
  return get(url);
}

async function get(url: string): Promise<string> {
  // A service may be replaced between two looks at it: no connection outlives its answer.
  const response = await fetch(url, { headers: { connection: 'close' } });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${text}`);
  return text;
}
