import { type EnverEntry, enverTag, platformStackName, roleNames } from '@ondemandenv/contracts-base';
import { AccountPrincipal, ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import { Tags } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { PlatformStack } from './platform-stack.js';
import { ENVER_TAG } from './policy/artifacts.js';
import { centralStatements, runtimeStatements } from './policy/central-role.js';
import { arnsOf, type CentralPlace } from './policy/enver.js';
import { inlinePolicy, type Statement } from './policy/statement.js';
import { explainWildcards } from './policy/wildcards.js';

export interface EnverCentralStackProps {
  readonly entry: EnverEntry;
  readonly central: CentralPlace;
}

/** What an enver needs in the central account: the role in which its jobs read and write values. */
export class EnverCentralStack extends PlatformStack {
  constructor(scope: Construct, id: string, { entry, central }: EnverCentralStackProps) {
    super(scope, id, {
      stackName: platformStackName(entry.id),
      account: central.account,
      region: central.region,
      description: `ONDEMANDENV: what ${entry.id} may do in the central account`,
    });
    Tags.of(this).add(ENVER_TAG, enverTag(entry.id));
    const arns = arnsOf(entry, central);
    const names = roleNames(entry.id);
    const boundary = ManagedPolicy.fromManagedPolicyArn(this, 'Boundary', arns.centralBoundary);
    const role = (kind: 'central' | 'runtime', from: string, statements: readonly Statement[]) => {
      const made = new Role(this, kind === 'central' ? 'CentralRole' : 'RuntimeRole', {
        roleName: names[kind],
        path: names.path,
        description: `${kind === 'central' ? 'The jobs' : 'The applications'} of ${entry.id} in the central account`,
        assumedBy: new AccountPrincipal(entry.account.id).withConditions({
          ArnEquals: { 'aws:PrincipalArn': from },
        }),
        permissionsBoundary: boundary,
        inlinePolicies: { [kind]: inlinePolicy(statements, `${kind} role of ${entry.id}`) },
      });
      explainWildcards(made, statements);
    };
    role('central', arns.buildRole, centralStatements(entry, central));
    if (entry.runtimeGrants.length > 0) role('runtime', arns.runtimeRole, runtimeStatements(entry, central));
  }
}
