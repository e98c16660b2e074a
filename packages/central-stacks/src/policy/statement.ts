import { OdmdError } from '@ondemandenv/contracts-base';
import { Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';

export interface Statement {
  /** Names the statement in the policy, letters and digits: it says what the permission is for. */
  readonly sid: string;
  readonly effect?: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources?: readonly string[];
  readonly notResources?: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Characters that all inline policies of a role may have together, white space not counted. */
const MAX_INLINE = 10_240;
/** Characters of a managed policy. */
const MAX_MANAGED = 6_144;

/**
 * Statements as the policy of a role; those that would apply to nothing are left out.
 *
 * @throws OdmdError ODMD852 it is longer than IAM takes
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export function inlinePolicy(statements: readonly Statement[], of: string): PolicyDocument {
  return document(statements, of, MAX_INLINE);
}

/** As `inlinePolicy`, for a policy of its own. */
export function managedPolicy(statements: readonly Statement[], of: string): PolicyDocument {
  return document(statements, of, MAX_MANAGED);
}

function document(statements: readonly Statement[], of: string, max: number): PolicyDocument {
  const useful = statements.filter(
    ({ actions, resources, notResources }) =>
      actions.length > 0 && (resources ?? notResources ?? []).length > 0,
  );
  const made = new PolicyDocument({ statements: useful.map(statement) });
  const size = JSON.stringify(made.toJSON() ?? {}).replace(/\s/g, '').length;
  if (size <= max) return made;
  throw new OdmdError('ODMD852', `its policy has ${size} characters, and IAM takes ${max}`, {
    where: of,
    fix: 'consume fewer products: gather what belongs together into one product with an object type',
  });
}

function statement({ sid, effect = 'Allow', actions, resources, notResources, conditions }: Statement) {
  return new PolicyStatement({
    sid,
    effect: effect === 'Allow' ? Effect.ALLOW : Effect.DENY,
    actions: [...actions],
    ...(resources && { resources: [...resources] }),
    ...(notResources && { notResources: [...notResources] }),
    ...(conditions && { conditions }),
  });
}
