import { OdmdError } from '@ondemandenv/contracts-base';

/**
 * A value as it has to be written in an IAM policy to stand for itself: `$`, `*` and `?` mean something there.
 *
 * @param what the value belongs to, for the error
 * @throws OdmdError ODMD851 a character that IAM policies do not take (above U+00FF)
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html (special characters)
 */
export function literal(value: string, what: string): string {
  if (/[^\u0020-\u00FF]/.test(value))
    throw new OdmdError('ODMD851', `${what} has a character that IAM policies do not take`, {
      where: JSON.stringify(value),
      fix: 'rename the branch or tag: letters above U+00FF cannot be named in the trust of a role',
    });
  return value.replace(/[$*?]/g, (character) => `\${${character}}`);
}
