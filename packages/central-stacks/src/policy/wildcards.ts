import { Validations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import type { Statement } from './statement.js';

/**
 * Tells cdk-nag why the statements of a policy have wildcards, each wildcard by the reason of its statement. One that
 * any statement has without a reason stays a finding.
 */
export function explainWildcards(of: IConstruct, statements: readonly Statement[]): void {
  const reasons = new Map<string, (string | undefined)[]>();
  for (const { effect = 'Allow', actions = [], resources = [], wildcard } of statements) {
    if (effect !== 'Allow' || actions.length === 0 || resources.length === 0) continue;
    const found = [...named('Action', actions), ...named('Resource', resources)];
    for (const finding of found) reasons.set(finding, [...(reasons.get(finding) ?? []), wildcard]);
  }
  for (const [finding, given] of reasons) {
    const explained = given.filter((reason) => reason !== undefined);
    if (explained.length < given.length) continue;
    const reason = [...new Set(explained)].join('; ');
    Validations.of(of).acknowledge({ id: `AwsSolutions-IAM5[${finding}]`, reason });
  }
}

function named(element: 'Action' | 'Resource', values: readonly string[]): string[] {
  return values.filter((value) => value.includes('*')).map((value) => `${element}::${value}`);
}
