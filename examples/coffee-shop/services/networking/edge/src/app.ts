import { contracts } from '@coffee-shop/contracts';
import { EnverApp, EnverStack } from '@ondemandenv/enver-runtime/cdk';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import { Role } from 'aws-cdk-lib/aws-iam';
import { CrossAccountZoneDelegationRecord, PublicHostedZone } from 'aws-cdk-lib/aws-route53';

const { edge } = contracts;
const stack = new EnverStack(new EnverApp(edge));

const parent = stack.input(edge.parentDomain);
const zone = new PublicHostedZone(stack, 'Domain', { zoneName: `shop.${parent.name}` });
const delegation = new CrossAccountZoneDelegationRecord(stack, 'Delegation', {
  delegatedZone: zone,
  parentHostedZoneName: parent.name,
  delegationRole: Role.fromRoleArn(stack, 'DelegationRole', parent.delegationRole),
});
const certificate = new Certificate(stack, 'Certificate', {
  domainName: zone.zoneName,
  validation: CertificateValidation.fromDns(zone),
});
// Nobody finds the records that prove the domain before the parent says where it is.
certificate.node.addDependency(delegation);

stack.output(edge.domain, zone.zoneName);
stack.output(edge.certificate, certificate.certificateArn);
