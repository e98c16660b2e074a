import type { CfnResource } from 'aws-cdk-lib';
import { propertiesOf } from './properties.js';

/** A property by its path, and what makes the resource let itself be deleted. */
type Off = readonly [path: string, value: boolean | string];

const PROTECTION: Readonly<Record<string, Off>> = {
  'AWS::Cognito::UserPool': ['DeletionProtection', 'INACTIVE'],
  'AWS::DocDB::DBCluster': ['DeletionProtection', false],
  'AWS::DynamoDB::Table': ['DeletionProtectionEnabled', false],
  'AWS::Neptune::DBCluster': ['DeletionProtection', false],
  'AWS::RDS::DBCluster': ['DeletionProtection', false],
  'AWS::RDS::DBInstance': ['DeletionProtection', false],
};

/** What has to be set so that a resource can be deleted. */
export function unprotected(node: CfnResource): readonly Off[] {
  const off = PROTECTION[node.cfnResourceType];
  if (off) return [off];
  switch (node.cfnResourceType) {
    case 'AWS::DynamoDB::GlobalTable':
      return list(node, 'Replicas').map((_, at) => [`Replicas.${at}.DeletionProtectionEnabled`, false]);
    case 'AWS::ElasticLoadBalancingV2::LoadBalancer':
      return list(node, 'LoadBalancerAttributes').flatMap(({ Key }, at): Off[] =>
        Key === 'deletion_protection.enabled' ? [[`LoadBalancerAttributes.${at}.Value`, 'false']] : [],
      );
    default:
      return [];
  }
}

function list(node: CfnResource, property: string): readonly Record<string, unknown>[] {
  const value = propertiesOf(node)[property];
  return Array.isArray(value) ? value : [];
}
