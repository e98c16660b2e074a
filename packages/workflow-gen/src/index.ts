export { ACTIONS, type PinnedAction } from './actions.js';
export { isGenerated } from './generated-mark.js';
export type { ActionStep, DispatchInput, Job, Permissions, ScriptStep, Workflow } from './model.js';
export { render } from './render.js';
export { LATER_STEP } from './steps.js';
export { type Platform, type Target, targetOf, targetsOf } from './target.js';
export { type Expression, type RunReference, type StepReference, type Text, value } from './text.js';
export { filesOf, type WorkflowFile, workflowFiles } from './workflow-files.js';
export { deployFile, deployWorkflow, teardownFile, teardownWorkflow } from './workflows.js';
