import { OdmdError } from '@ondemandenv/contracts-base';
import { Effect, type IPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';

export interface Statement {
  /** Names the statement in the policy, letters and digits: it says what the permission is for. */
  readonly sid: string;
  readonly effect?: 'Allow' | 'Deny';
  /** @default [] with `notActions` */
  readonly actions?: readonly string[];
  /** Every action but these, for what is denied. */
  readonly notActions?: readonly string[];
  readonly resources?: readonly string[];
  readonly notResources?: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Why its actions or resources have wildcards: without a reason cdk-nag refuses them. */
  readonly wildcard?: string;
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
    ({ actions, notActions, resources, notResources }) =>
      (actions ?? notActions ?? []).length > 0 && (resources ?? notResources ?? []).length > 0,
  );
  const made = new PolicyDocument({ statements: useful.map((one) => statement(one)) });
  const size = JSON.stringify(made.toJSON() ?? {}).replace(/\s/g, '').length;
  if (size <= max) return made;
  throw new OdmdError('ODMD852', `its policy has ${size} characters, and IAM takes ${max}`, {
    where: of,
    fix: 'consume fewer products: gather what belongs together into one product with an object type',
  });
}

/** A statement of the CDK; of a policy on a resource, for whomever it names. */
export function statement(of: Statement, principals?: IPrincipal[]): PolicyStatement {
  const { sid, effect = 'Allow', actions, notActions, resources, notResources, conditions } = of;
  return new PolicyStatement({
    sid,
    effect: effect === 'Allow' ? Effect.ALLOW : Effect.DENY,
    ...(principals && { principals }),
    ...(actions && { actions: [...actions] }),
    ...(notActions && { notActions: [...notActions] }),
    ...(resources && { resources: [...resources] }),
    ...(notResources && { notResources: [...notResources] }),
    ...(conditions && { conditions }),
  });
}
