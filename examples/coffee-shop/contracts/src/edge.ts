import { CdkEnver, Consumer, Producer } from '@ondemandenv/contracts-base';
import type { Networking } from './networking.js';
import { arnOf, domainName } from './types.js';

/** What guests reach first. It is in the region from which CloudFront takes certificates. */
export class Edge extends CdkEnver<{ networking: Networking }> {
  readonly parentDomain = new Consumer(this, 'parentDomain', this.props.networking.domain);

  readonly domain = new Producer(this, 'domain', { schema: domainName, example: 'shop.coffee.example' });
  readonly certificate = new Producer(this, 'certificate', {
    schema: arnOf('acm'),
    example: 'arn:aws:acm:us-east-1:444444444444:certificate/0a1b2c3d',
  });

  override get exec() {
    return { ...super.exec, services: [...super.exec.services, 'acm', 'route53', 'wafv2'] };
  }
}
