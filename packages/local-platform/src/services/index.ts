export type { PortRange } from './ports.js';
export type { ServiceState } from './service.js';
export {
  type ServiceRequest,
  ServiceSupervisor,
} from './service-supervisor.js';
