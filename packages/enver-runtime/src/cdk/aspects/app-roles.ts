import { APP_BOUNDARY, appRolePath, type EnverEntry } from '@ondemandenv/contracts-base';
import { CfnResource, type IAspect } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Puts the roles and policies that an app makes where its enver may make them: below the path of the enver, and roles
 * below the boundary of applications. Custom resources bring roles as plain resources, so it goes by the type.
 */
export class AppRoles implements IAspect {
  private readonly path: string;
  private readonly boundary: string;

  constructor(entry: EnverEntry) {
    this.path = appRolePath(entry.id);
    this.boundary = `arn:aws:iam::${entry.account.id}:policy/${APP_BOUNDARY}`;
  }

  visit(node: IConstruct): void {
    if (!CfnResource.isCfnResource(node)) return;
    const isRole = node.cfnResourceType === 'AWS::IAM::Role';
    if (!isRole && node.cfnResourceType !== 'AWS::IAM::ManagedPolicy') return;
    node.addPropertyOverride('Path', this.path);
    if (isRole) node.addPropertyOverride('PermissionsBoundary', this.boundary);
  }
}
