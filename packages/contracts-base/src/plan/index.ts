export {
  type Plan,
  type PlannedApproval,
  type PlannedChange,
  type PlannedEnver,
  type PlannedRoot,
  type PlannedSignal,
  planChange,
} from './plan.js';
