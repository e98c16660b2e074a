import { type EnverId, STACK_SUFFIX, sha256, stackName } from '@ondemandenv/contracts-base';
import { AppError } from './app-error.js';

/** What S3 buckets take; Lambda functions, roles (64) and queues (80) take more. */
const DEFAULT_MAX = 63;
/** A hash, a dash and three letters that can be read. */
const MIN_MAX = 16;
const HASH_DIGITS = 12;

/**
 * A name for something of an enver that cannot be left to CloudFormation: lower-case letters, digits and dashes, a pure
 * function of the enver and the purpose, different for each enver and clone of the org. It is
 * `<default stack name>--<purpose>`, which is `{enver}--<purpose>` in the statements of a contract, when that is in
 * lower case and fits; else it is cut and ends in a hash.
 *
 * Names that are shared with other organisations, those of buckets above all, are better left to CloudFormation.
 *
 * @param purpose at most 32 letters, digits and single dashes, e.g. `orders`
 * @param maxLength at least 16
 * @throws OdmdError ODMD577 a purpose or a length that cannot be used
 * @example physicalName('shop/b..main', 'orders') // 'shop--main--orders'
 */
export function physicalName(enver: EnverId, purpose: string, maxLength = DEFAULT_MAX): string {
  check(purpose, maxLength);
  const wanted = stackName(enver, purpose);
  if (wanted.length <= maxLength && wanted === wanted.toLowerCase()) return wanted;
  const hash = sha256(`${enver} ${purpose}`).slice(0, HASH_DIGITS);
  const readable = `${purpose}-${stackName(enver)}`.toLowerCase().slice(0, maxLength - HASH_DIGITS - 1);
  return `${readable.replace(/[^a-z0-9]+$/, '')}-${hash}`.replace(/^[^a-z]/, 'o');
}

function check(purpose: string, maxLength: number): void {
  if (!STACK_SUFFIX.test(purpose))
    throw new AppError('ODMD577', 'a physical name cannot be made for this purpose', {
      where: JSON.stringify(purpose),
      fix: 'use at most 32 letters, digits and single dashes, such as orders or order-log',
    });
  if (!(maxLength >= MIN_MAX))
    throw new AppError('ODMD577', `a physical name needs ${MIN_MAX} characters or more`, {
      where: `maxLength ${maxLength}`,
      fix: 'leave the name to CloudFormation',
    });
}
