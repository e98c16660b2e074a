import { join } from 'node:path';
import type { Contracts, EnverEntry, Manifest } from '@ondemandenv/contracts-base';
import { root } from '../emulator/place.js';
import { WORKSPACE } from '../enver-runtime/world.js';

export const COFFEE_SHOP = join(root, 'examples/coffee-shop');

/** The manifest of the coffee shop. */
export async function coffeeShop(): Promise<Manifest> {
  const { contracts } = (await import(join(COFFEE_SHOP, 'contracts/dist/index.js'))) as {
    contracts: Contracts;
  };
  const result = contracts.synth();
  if (!result.ok) throw new Error('the contracts of the coffee shop break rules');
  return result.manifest;
}

/** An enver of the coffee shop in the one account that all of it lives in here. */
export function hosted(entry: EnverEntry | undefined): EnverEntry {
  if (!entry) throw new Error('the coffee shop has no such enver');
  return { ...entry, account: { ...entry.account, id: WORKSPACE } };
}
