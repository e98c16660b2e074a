import {
  deployedStatePath,
  dispatchStatePath,
  type EnverEntry,
  producerOf,
  productPrefix,
} from '@ondemandenv/contracts-base';
import { forbidden } from './http-error.js';

/**
 * What a job may read: what its enver consumes by the contract in force, the enver's own products, and its state.
 * @throws HttpError 403 that names the path and why not
 */
export function requireReadable(enver: string, entry: EnverEntry | undefined, path: string): void {
  const own =
    path.startsWith(productPrefix(enver)) ||
    path === dispatchStatePath(enver) ||
    path === deployedStatePath(enver);
  if (own || entry?.consumes.some((use) => use.path === path)) return;
  throw forbidden(
    `${enver} may not read ${path}: its contract does not consume it`,
    'declare a Consumer of that product in the contracts',
  );
}

/**
 * What a job may write: the products that its enver declares, and what it deployed.
 * @throws HttpError 403 that names the path and why not
 */
export function requireWritable(enver: string, entry: EnverEntry | undefined, path: string): void {
  if (path === deployedStatePath(enver)) return;
  if (!path.startsWith(productPrefix(enver)))
    throw forbidden(`${enver} may not write ${path}: it belongs to ${producerOf(path)}`);
  if (entry?.products.some((product) => product.path === path)) return;
  throw forbidden(
    `${enver} may not write ${path}: its contract declares no such product`,
    'declare a Producer of that name in the contracts',
  );
}
