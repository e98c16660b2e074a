import { OdmdError } from '@ondemandenv/contracts-base';
import type { KeyValue } from '@ondemandenv/control-plane';
import { PortAllocator, type PortRange } from './ports.js';
import { Service, type ServiceState } from './service.js';
import { ServiceFiles } from './service-files.js';
import {
  parseServiceKey,
  type ServiceId,
  type ServiceRecord,
  ServiceRecords,
  serviceKey,
  serviceUrl,
  whereOf,
} from './service-records.js';

export interface ServiceSupervisorOptions {
  /** The platform's folder. */
  readonly home: string;
  readonly kv: KeyValue;
  readonly ports: PortRange;
  /** The whole environment of a service but for what its start gives, `PORT` and `ODMD_ENVER`. */
  readonly baseEnv: Readonly<Record<string, string>>;
  /**
   * How long a service may take until it answers.
   * @default 15_000
   */
  readonly readyTimeoutMs?: number;
}

/** A service as a job asks for it. */
export interface ServiceRequest extends ServiceId {
  /** The folder of its program; copied, so that the service outlives the job. */
  readonly cwd: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly health?: string;
}

/** A service as people see it. */
export interface ServiceView extends ServiceId {
  readonly url: string;
  readonly port: number;
  readonly state: ServiceState;
  readonly pid?: number;
  /** Why it is not running. */
  readonly problem?: string;
}

/**
 * Runs what deployments start, as a cloud would: every service of an enver is a process on a port of its own,
 * kept up, replaced by the next deployment, and brought back when the platform starts again.
 *
 * A record is written only after its release answered, and the previous release is removed only after that: killed
 * at any point, the platform finds either the old or the new release, whole.
 */
export class ServiceSupervisor {
  private readonly records: ServiceRecords;
  private readonly files: ServiceFiles;
  private readonly ports: PortAllocator;
  /** Every service whose process may run, also one that is just being started. */
  private readonly services = new Map<string, Service>();
  /** The last thing to do for a service: two changes of one service never overlap. */
  private readonly tails = new Map<string, Promise<unknown>>();
  private closed = false;

  constructor(private readonly options: ServiceSupervisorOptions) {
    this.records = new ServiceRecords(options.kv);
    this.files = new ServiceFiles(options.home);
    this.ports = new PortAllocator(options.ports);
  }

  /** Brings back every recorded service; one that does not come up says so in its state and is tried again. */
  async startAll(): Promise<void> {
    const records = this.records.list();
    await this.files.prune(records);
    await Promise.all(records.map((record) => this.inTurn(record, () => this.bringBack(record))));
  }

  /**
   * Starts a service or replaces it; resolves when it answers. When the new release does not get ready, the one
   * before runs again.
   * @throws OdmdError ODMD641 no free port · ODMD642 not ready · ODMD643 port taken · ODMD644 no such folder
   */
  start(request: ServiceRequest): Promise<ServiceView> {
    return this.inTurn(request, async () => {
      const before = this.records.get(request);
      const port = before?.port ?? (await this.newPort(request));
      try {
        return await this.replace(
          before,
          recordOf(request, port, (before?.generation ?? 0) + 1),
          request.cwd,
        );
      } finally {
        this.ports.release(port);
      }
    });
  }

  /** Stops services of an enver for good: processes, records, releases and logs. Gives their names. */
  async stop(enver: string, name?: string): Promise<string[]> {
    // Also those that are just being started for the first time.
    const known = new Set([...this.records.list(enver).map(serviceKey), ...this.tails.keys()]);
    const ids = [...known]
      .map(parseServiceKey)
      .filter((id) => id.enver === enver && (name ?? id.name) === id.name);
    const stopOne = (id: ServiceId) =>
      this.inTurn(id, async () => {
        const existed = this.records.get(id) !== undefined;
        await this.halt(id);
        this.records.remove(id);
        await this.files.removeService(id);
        return existed ? [id.name] : [];
      });
    return (await Promise.all(ids.map(stopOne))).flat();
  }

  /** The services of an enver, or all, by name. */
  list(enver?: string): ServiceView[] {
    return this.records.list(enver).map((record) => view(record, this.services.get(serviceKey(record))));
  }

  /** Ends every process and keeps the records: `startAll` brings them back. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.services.values()].map((service) => service.stop()));
    await Promise.allSettled(this.tails.values());
  }

  private async replace(
    before: ServiceRecord | undefined,
    record: ServiceRecord,
    cwd: string,
  ): Promise<ServiceView> {
    await this.files.copyRelease(cwd, record);
    await this.halt(record);
    const service = this.newService(record);
    try {
      await service.start();
    } catch (error) {
      this.services.delete(serviceKey(record));
      await (before ? this.files.removeRelease(record) : this.files.removeService(record));
      if (before && !this.closed) await this.bringBack(before);
      throw error;
    }
    this.records.put(record);
    await this.files.keepOnly(record);
    return view(record, service);
  }

  private async bringBack(record: ServiceRecord): Promise<void> {
    await this.newService(record).resume();
  }

  private newService(record: ServiceRecord): Service {
    if (this.closed) throw new OdmdError('ODMD645', 'the platform is stopping', { where: whereOf(record) });
    const { baseEnv, readyTimeoutMs = 15_000 } = this.options;
    const service = new Service({ baseEnv, readyTimeoutMs, files: this.files }, record);
    this.services.set(serviceKey(record), service);
    return service;
  }

  private async halt(id: ServiceId): Promise<void> {
    await this.services.get(serviceKey(id))?.stop();
    this.services.delete(serviceKey(id));
  }

  private newPort(id: ServiceId): Promise<number> {
    return this.ports.reserve(() => new Set(this.records.list().map(({ port }) => port)), whereOf(id));
  }

  private inTurn<T>(id: ServiceId, change: () => Promise<T>): Promise<T> {
    const key = serviceKey(id);
    const result = (this.tails.get(key) ?? Promise.resolve()).then(change);
    const tail = result
      .catch(() => undefined)
      .then(() => {
        if (this.tails.get(key) === tail) this.tails.delete(key);
      });
    this.tails.set(key, tail);
    return result;
  }
}

function recordOf(request: ServiceRequest, port: number, generation: number): ServiceRecord {
  const { enver, name, command, env, health } = request;
  return { enver, name, port, command, env, ...(health === undefined ? {} : { health }), generation };
}

function view(record: ServiceRecord, service: Service | undefined): ServiceView {
  const { enver, name, port } = record;
  const common = { enver, name, port, url: serviceUrl(record) };
  // Known but not started yet, or between two releases.
  if (service === undefined) return { ...common, state: 'restarting' };
  const { state, pid, problem } = service;
  return { ...common, state, ...(pid === undefined ? {} : { pid }), ...(problem ? { problem } : {}) };
}
