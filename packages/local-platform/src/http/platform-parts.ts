import type {
  Clock,
  ConfigStore,
  ControlPlane,
  EventBus,
  LoggedEvent,
  ManifestStore,
  RecordStore,
  Work,
  WorkQueue,
} from '@ondemandenv/control-plane';
import type { JobAccess } from '../job-access.js';
import type { JobRunner } from '../jobs/index.js';
import type { LocalNotifier } from '../notifier.js';
import type { ServiceSupervisor } from '../services/index.js';

/** What the HTTP routes work with. */
export interface PlatformParts {
  readonly clock: Clock;
  readonly controlPlane: ControlPlane;
  readonly config: ConfigStore;
  readonly records: RecordStore;
  readonly manifests: ManifestStore;
  readonly events: EventBus & { since(seq: number): LoggedEvent[] };
  readonly queue: WorkQueue;
  /** What is queued or in flight. */
  readonly backlog: { size(): number; has(group: string): boolean };
  readonly notifier: LocalNotifier;
  readonly services: ServiceSupervisor;
  readonly access: JobAccess;
  readonly jobs: Pick<JobRunner, 'active' | 'latest' | 'logFile'>;
  /** The folder below which jobs work. */
  readonly jobsFolder: string;
  /** Repositories that accept pushes. */
  readonly repos: () => Promise<readonly { readonly name: string; readonly url: string }[]>;
  /** Id of the contractsLib's own enver. */
  readonly contractsLib: string;
  readonly userToken: string;
  /** Why this work did not succeed so far, while it is being tried again. */
  readonly trouble: (work: Work) => string | undefined;
  readonly log: (line: string) => void;
  /** Begins to stop the platform. */
  readonly stop: () => void;
  /** Aborted when the platform stops. */
  readonly stopping: AbortSignal;
}
