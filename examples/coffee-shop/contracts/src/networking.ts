import { CdkEnver, Producer, ProducerGroup } from '@ondemandenv/contracts-base';
import { z } from 'zod';
import { arnOf, domainName } from './types.js';

/** A network that is shared with the workspaces. */
class Vpc extends ProducerGroup {
  readonly vpcId = new Producer(this, 'id', {
    schema: z.string().regex(/^vpc-[0-9a-f]+$/),
    example: 'vpc-0a1b2c3d',
  });
  readonly privateSubnets = new Producer(this, 'privateSubnets', {
    schema: z.array(z.string().regex(/^subnet-[0-9a-f]+$/)).min(2),
    example: ['subnet-0a1b2c3d', 'subnet-4e5f6a7b'],
  });
}

/** The network and the domain that everybody stands on. Its account is one of production: nobody clones it. */
export class Networking extends CdkEnver {
  readonly vpc = new Vpc(this, 'vpc');
  /** The org's domain; with the role, an account delegates a name below it to a zone of its own. */
  readonly domain = new Producer(this, 'domain', {
    schema: z.object({ name: domainName, delegationRole: arnOf('iam') }),
    example: { name: 'coffee.example', delegationRole: 'arn:aws:iam::222222222222:role/delegation' },
  });

  override get exec() {
    return { ...super.exec, services: [...super.exec.services, 'ec2', 'ram', 'route53'] };
  }
}
