export type { PortRange } from './ports.js';
export type { ServiceState } from './service.js';
export type { ServiceId } from './service-records.js';
export {
  type ServiceRequest,
  ServiceSupervisor,
  type ServiceSupervisorOptions,
  type ServiceView,
} from './service-supervisor.js';
