export type { Breaking } from './breaking.js';
export type { FieldChange } from './changed-fields.js';
export {
  type Changes,
  type ConsumptionPlace,
  diffManifests,
  type ManifestDiff,
  type ProductPlace,
} from './diff.js';
export type { Note } from './effects.js';
export type { Privileged } from './privileged.js';
export { diffMarkdown, diffText, planMarkdown, planText } from './render.js';
export { type Misfit, typeMisfit } from './type-misfit.js';
