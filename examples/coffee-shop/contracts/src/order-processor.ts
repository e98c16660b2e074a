import { CdkEnver, Consumer, ContainerImageEnver, Producer, Reaction } from '@ondemandenv/contracts-base';
import type { Foundation } from './foundation.js';
import type { Networking } from './networking.js';
import { endpoint } from './types.js';

/** The images of the shop's containers. */
export class OrderImages extends ContainerImageEnver<'processor'> {}

interface Wants {
  readonly foundation: Foundation;
  readonly images: OrderImages;
  readonly networking: Networking;
}

/** Takes orders from the bus, in a container, and counts them. */
export class OrderProcessor extends CdkEnver<Wants> {
  readonly bus = new Consumer(this, 'bus', this.props.foundation.bus);
  readonly source = new Consumer(this, 'source', this.props.foundation.bus.children.source);
  readonly countTable = new Consumer(this, 'countTable', this.props.foundation.tables.count);
  // The digest names the very image: what was tested is what runs.
  readonly imageUri = new Consumer(this, 'imageUri', this.props.images.images.processor.repositoryUri);
  readonly imageDigest = new Consumer(this, 'imageDigest', this.props.images.images.processor.imageDigest);
  readonly vpc = new Consumer(this, 'vpc', this.props.networking.vpc.vpcId);
  // To move to other subnets replaces every running container: somebody has to be there when it happens.
  readonly subnets = new Consumer(this, 'subnets', this.props.networking.vpc.privateSubnets, {
    onChange: Reaction.alarm(),
  });

  readonly health = new Producer(this, 'health', {
    schema: endpoint,
    example: { url: 'https://processor.shop.coffee.example/health' },
  });

  override get exec() {
    return { ...super.exec, services: [...super.exec.services, 'ec2', 'ecs', 'elasticloadbalancing'] };
  }
}
