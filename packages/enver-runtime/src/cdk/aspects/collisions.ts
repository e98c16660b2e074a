import { type EnverEntry, stackName } from '@ondemandenv/contracts-base';
import { Annotations, CfnResource, type IAspect } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { NAME_PROPERTIES } from './name-properties.js';
import { propertiesOf } from './properties.js';

/**
 * Warns about what would keep a clone from standing beside its base: names that are written down, and nested stacks,
 * whose names are not the contract's.
 */
export class Collisions implements IAspect {
  private readonly own: string;
  private readonly made: ReadonlySet<string>;

  /** @param made the names that were made for this enver; it may still grow */
  constructor(entry: EnverEntry, made: ReadonlySet<string>) {
    this.own = letters(stackName(entry.id));
    this.made = made;
  }

  visit(node: IConstruct): void {
    if (!CfnResource.isCfnResource(node)) return;
    const annotations = Annotations.of(node);
    if (node.cfnResourceType === 'AWS::CloudFormation::Stack')
      annotations.addWarningV2(
        'odmd:nestedStack',
        'a nested stack has a name that the contract does not know: make it a stack of the enver, or a construct',
      );
    const property = NAME_PROPERTIES[node.cfnResourceType];
    if (property === undefined) return;
    const name = propertiesOf(node)[property];
    // What is no plain text is known at deployment only.
    if (typeof name !== 'string' || this.made.has(name) || letters(name).includes(this.own)) return;
    annotations.addWarningV2(
      'odmd:fixedName',
      `${property} is "${name}" in every clone: leave it to CloudFormation, or take physicalName('…') of the stack`,
    );
  }
}

/** What is left when names are made of others: constructs take the dashes out of the stack's. */
function letters(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
