import { BootstraplessSynthesizer, Stack, Tags } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

const PATH_METADATA = 'aws:cdk:enable-path-metadata';

export interface PlatformStackProps {
  readonly stackName: string;
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
  readonly description: string;
}

/**
 * A stack that needs no bootstrapping and whose template depends on nothing but its properties: the CDK app and the
 * provisioner make the same bytes of it.
 */
export abstract class PlatformStack extends Stack {
  protected constructor(scope: Construct, id: string, props: PlatformStackProps) {
    const { account, region, stackName, description } = props;
    super(scope, id, {
      stackName,
      description,
      env: { account, region },
      synthesizer: new BootstraplessSynthesizer(),
      analyticsReporting: false,
    });
    // The CDK CLI asks for it: where in the app a resource comes from, which is nowhere for the provisioner.
    this.node.setContext(PATH_METADATA, false);
    Tags.of(this).add('odmd:platform', 'true');
  }
}
