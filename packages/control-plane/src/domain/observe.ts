import { canonicalJson, type EnverEntry, type InputVector, inputVersion } from '@ondemandenv/contracts-base';
import type { Context } from './context.js';

/** The newest versions of everything an enver consumes, and the paths that have neither value nor placeholder. */
export async function observeInputs(
  { ports }: Context,
  entry: EnverEntry,
): Promise<{ inputs: InputVector['inputs']; missing: EnverEntry['consumes'] }> {
  const newest = await ports.config.getMany([...new Set(entry.consumes.map((use) => use.path))]);
  const inputs: InputVector['inputs'] = {};
  const missing: EnverEntry['consumes'] = [];
  for (const use of entry.consumes) {
    const stored = newest.get(use.path);
    if (stored) inputs[use.path] = inputVersion(stored.version, stored.value);
    else if (use.placeholder !== undefined)
      inputs[use.path] = inputVersion('placeholder', canonicalJson(use.placeholder));
    else missing.push(use);
  }
  return { inputs, missing };
}
