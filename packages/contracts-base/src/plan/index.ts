export { planChange } from './plan.js';
export type {
  Plan,
  PlannedApproval,
  PlannedChange,
  PlannedEnver,
  PlannedRoot,
  PlannedSignal,
} from './planned.js';
