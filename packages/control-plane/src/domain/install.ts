import type { Context } from './context.js';
import { newRecord, update } from './record-writes.js';

/** Makes the one record that exists before any contracts do: the contractsLib's own. */
export async function ensureInstalled({ ports, contracts, installation }: Context): Promise<void> {
  const id = contracts.contractsLibId;
  if (await ports.records.get('enver', id)) return;
  const entry = contracts.entry({ id, revision: installation.revision });
  if (!entry) return;
  const now = ports.clock.now();
  const origin = { incarnation: 'installation', contracts: '', reason: 'named by the installation', now };
  const record = newRecord(entry, origin);
  await ports.records.transact([update(record)]);
}
