import { z } from 'zod';
import { repositoryName } from '../naming/index.js';
import type { Build } from './build.js';
import { Enver, type EnverProps } from './enver.js';
import { Producer } from './producer.js';
import { ProducerGroup } from './producer-group.js';

/** Where to pull from, without tag and digest. */
export const repositoryUriSchema = z.string().regex(/^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+$/);
export const imageDigestSchema = z.string().regex(/^sha256:[0-9a-f]{64}$/);

export interface ImageProps {
  /**
   * The folder that is sent to the builder, below the build's working directory.
   * @default '.' the working directory
   */
  readonly context?: string;
  /**
   * The Dockerfile, below the build's working directory.
   * @default 'Dockerfile', in the context
   */
  readonly dockerfile?: string;
}

export interface ContainerImageEnverProps<Names extends string = string> extends EnverProps {
  /** The images to build, by name: lower-case letters and digits, single `.`, `_` or `-` between them. */
  readonly images: Readonly<Record<Names, ImageProps>>;
}

/** One image of an enver, and its products `<name>/repositoryUri` and `<name>/imageDigest`. */
export class ContainerImage extends ProducerGroup {
  readonly context: string;
  readonly dockerfile: string;
  readonly repositoryUri = new Producer(this, 'repositoryUri', { schema: repositoryUriSchema });
  readonly imageDigest = new Producer(this, 'imageDigest', { schema: imageDigestSchema });

  constructor(enver: Enver, id: string, props: ImageProps) {
    super(enver, id);
    this.context = props.context ?? '.';
    this.dockerfile =
      props.dockerfile ?? (this.context === '.' ? 'Dockerfile' : `${this.context}/Dockerfile`);
  }

  /** Name of its ECR repository. */
  get repository(): string {
    return repositoryName(this.enver.id, this.id);
  }
}

/**
 * An enver that builds container images, each into a repository of its own. `Own` is as in `CdkEnver`.
 *
 * @example
 * const image = new ContainerImageEnver(build, { ...place, images: { api: {}, worker: { context: 'worker' } } });
 * new Consumer(orders, 'apiDigest', image.images.api.imageDigest);
 */
export class ContainerImageEnver<Names extends string = string, Own = unknown> extends Enver<
  ContainerImageEnverProps<Names> & Own
> {
  readonly kind = 'containerImage';
  readonly images: Readonly<Record<Names, ContainerImage>>;

  constructor(build: Build, props: ContainerImageEnverProps<Names> & NoInfer<Own>) {
    super(build, props);
    const images = Object.entries<ImageProps>(props.images);
    this.images = Object.fromEntries(
      images.map(([name, image]) => [name, new ContainerImage(this, name, image)]),
    ) as Record<Names, ContainerImage>;
  }
}
