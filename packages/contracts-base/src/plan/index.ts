export {
  type Plan,
  type PlannedApproval,
  type PlannedChange,
  type PlannedEnver,
  type PlannedSignal,
  planChange,
} from './plan.js';
