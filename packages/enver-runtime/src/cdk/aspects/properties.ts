import type { CfnResource } from 'aws-cdk-lib';

/** The properties of a resource as the template will have them. */
export function propertiesOf(node: CfnResource): Readonly<Record<string, unknown>> {
  const template = node.stack.resolve(node._toCloudFormation()) as {
    Resources: Record<string, { Properties?: Record<string, unknown> }>;
  };
  return Object.values(template.Resources)[0]?.Properties ?? {};
}
