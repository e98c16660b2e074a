import type { KeyValue } from '@ondemandenv/control-plane';

/** One service of one enver. */
export interface ServiceId {
  readonly enver: string;
  readonly name: string;
}

/** What has to run, and where: everything that bringing a service back after a crash takes. */
export interface ServiceRecord extends ServiceId {
  /** Kept for as long as the service exists, so that its URL never changes. */
  readonly port: number;
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** A path that answers 2xx once the service is ready; without one an open port is enough. */
  readonly health?: string;
  /** Number of its release folder; each start makes a new one. */
  readonly generation: number;
}

const TABLE = 'local/services/';

/** The services that are meant to run. */
export class ServiceRecords {
  constructor(private readonly kv: KeyValue) {}

  get(id: ServiceId): ServiceRecord | undefined {
    return this.kv.get(TABLE + serviceKey(id));
  }

  put(record: ServiceRecord): void {
    this.kv.set(TABLE + serviceKey(record), record);
  }

  remove(id: ServiceId): void {
    this.kv.delete(TABLE + serviceKey(id));
  }

  /** All of an enver, or all there are. */
  list(enver?: string): ServiceRecord[] {
    const prefix = enver === undefined ? TABLE : `${TABLE}${enver} `;
    return this.kv.range<ServiceRecord>(prefix).map(({ value }) => value);
  }
}

/** `<enver id> <name>`: neither part has a space in it. */
export function serviceKey({ enver, name }: ServiceId): string {
  return `${enver} ${name}`;
}

export function parseServiceKey(key: string): ServiceId {
  const [enver = '', name = ''] = key.split(' ');
  return { enver, name };
}

export function serviceUrl({ port }: { port: number }): string {
  return `http://127.0.0.1:${port}`;
}

/** The service as errors name it. */
export function whereOf({ enver, name }: ServiceId): string {
  return `service ${name} of ${enver}`;
}
