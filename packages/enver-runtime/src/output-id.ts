import { sha256 } from '@ondemandenv/contracts-base';

/** Of 255 that CloudFormation allows; names of products are longer than anybody wants to read. */
const READABLE = 80;

/**
 * The logical id of the stack output that carries a product. Logical ids have letters and digits only; the hash keeps
 * products apart that are spelt alike.
 *
 * @example outputId('bus/source') // 'OdmdBusSource' and 8 hex digits
 */
export function outputId(product: string): string {
  const words = product.split(/[^A-Za-z0-9]+/).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `Odmd${words.join('').slice(0, READABLE)}${sha256(product).slice(0, 8)}`;
}
