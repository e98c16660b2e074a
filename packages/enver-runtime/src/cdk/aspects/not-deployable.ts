import { CfnRule, Fn, type IAspect, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

const ID = 'OdmdExamples';

/** Has CloudFormation refuse stacks that were synthesised with the contracts' examples instead of values. */
export class NotDeployable implements IAspect {
  private readonly exampleUsed: () => boolean;

  constructor(exampleUsed: () => boolean) {
    this.exampleUsed = exampleUsed;
  }

  visit(node: IConstruct): void {
    if (!Stack.isStack(node) || !this.exampleUsed() || node.node.tryFindChild(ID)) return;
    new CfnRule(node, ID, {
      assertions: [
        {
          assert: Fn.conditionEquals('examples', 'values'),
          assertDescription: 'synthesised offline with examples: run `odmd-enver resolve` first',
        },
      ],
    });
  }
}
