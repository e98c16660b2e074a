import { APP_BOUNDARY, BOUNDARY, PROVISIONED_BY } from '@ondemandenv/contracts-base';
import { AccountPrincipal, CfnOIDCProvider, ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { PlatformStack } from './platform-stack.js';
import { appBoundaryStatements, boundaryStatements } from './policy/boundaries.js';
import { AUDIENCE, GITHUB_ISSUER } from './policy/build-role.js';
import type { CentralPlace } from './policy/enver.js';
import { provisionerStatements } from './policy/provisioner.js';
import { inlinePolicy, managedPolicy } from './policy/statement.js';
import { explainWildcards } from './policy/wildcards.js';

export const ACCOUNT_STACK = 'odmd-account';

export interface AccountStackProps {
  /** 12 digits. */
  readonly account: string;
  readonly central: CentralPlace;
  /** ARN of the one role in the central account that may act here. */
  readonly provisioner: string;
  /**
   * The account has GitHub's identity provider already.
   * @default false
   */
  readonly existingProvider?: boolean;
}

/** What every account of the org needs, once: IAM is global. */
export class AccountStack extends PlatformStack {
  constructor(scope: Construct, id: string, props: AccountStackProps) {
    const { account, central, provisioner, existingProvider = false } = props;
    super(scope, id, {
      stackName: ACCOUNT_STACK,
      account,
      region: central.region,
      description: 'ONDEMANDENV: what lets the central account work in this one, and no further',
    });
    if (!existingProvider)
      new CfnOIDCProvider(this, 'GitHub', {
        url: `https://${GITHUB_ISSUER}`,
        clientIdList: [AUDIENCE],
      });
    const boundary = boundaryStatements(account, central);
    const made = new ManagedPolicy(this, 'Boundary', {
      managedPolicyName: BOUNDARY,
      description: 'What no role that the platform makes for an enver can ever do',
      document: managedPolicy(boundary, BOUNDARY),
    });
    explainWildcards(made, boundary);
    const appBoundary = appBoundaryStatements(account, central);
    const app = new ManagedPolicy(this, 'AppBoundary', {
      managedPolicyName: APP_BOUNDARY,
      description: 'What no role that an enver makes for its application can ever do',
      document: managedPolicy(appBoundary, APP_BOUNDARY),
    });
    explainWildcards(app, appBoundary);
    const statements = provisionerStatements(account);
    const role = new Role(this, 'Provisioner', {
      roleName: PROVISIONED_BY,
      description: 'The platform, when it makes and removes what envers need in this account',
      assumedBy: new AccountPrincipal(central.account).withConditions({
        ArnEquals: { 'aws:PrincipalArn': provisioner },
      }),
      inlinePolicies: { provision: inlinePolicy(statements, PROVISIONED_BY) },
    });
    explainWildcards(role, statements);
  }
}
