import { contracts } from '@coffee-shop/contracts';
import { EnverApp, EnverStack } from '@ondemandenv/enver-runtime/cdk';
import { Validations } from 'aws-cdk-lib';
import { FlowLogDestination, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { AccountPrincipal, CompositePrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { CfnResourceShare } from 'aws-cdk-lib/aws-ram';
import { PublicHostedZone } from 'aws-cdk-lib/aws-route53';

const { networking } = contracts;

class NetworkStack extends EnverStack {
  // The CDK would ask AWS for them.
  override get availabilityZones(): string[] {
    return [`${this.region}a`, `${this.region}c`];
  }
}

const stack = new NetworkStack(new EnverApp(networking));
const workspaces = [contracts.accounts.workspace0.id, contracts.accounts.workspace1.id];

const vpc = new Vpc(stack, 'Vpc', {
  natGateways: 1,
  subnetConfiguration: [
    { name: 'public', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
    { name: 'private', subnetType: SubnetType.PRIVATE_WITH_EGRESS },
  ],
});
vpc.addFlowLog('FlowLog', { destination: FlowLogDestination.toCloudWatchLogs() });
const subnetArns = vpc.privateSubnets.map(({ subnetId }) =>
  stack.formatArn({ service: 'ec2', resource: 'subnet', resourceName: subnetId }),
);
new CfnResourceShare(stack, 'Subnets', {
  name: stack.physicalName('subnets'),
  resourceArns: subnetArns,
  principals: workspaces,
  allowExternalPrincipals: false,
});
stack.output(networking.vpc.vpcId, vpc.vpcId);
stack.output(
  networking.vpc.privateSubnets,
  vpc.privateSubnets.map(({ subnetId }) => subnetId),
);

const zone = new PublicHostedZone(stack, 'Domain', { zoneName: 'coffee.example' });
const delegation = new Role(stack, 'Delegation', {
  assumedBy: new CompositePrincipal(...workspaces.map((account) => new AccountPrincipal(account))),
});
zone.grantDelegation(delegation);
stack.output(networking.domain, { name: zone.zoneName, delegationRole: delegation.roleArn });

Validations.of(delegation).acknowledge({
  id: 'AwsSolutions-IAM5[Resource::*]',
  reason: 'to find a zone by its name is an action without resources',
});
