import { z } from 'zod';
import type { Enver } from './enver.js';
import { Producer } from './producer.js';
import type { ProducerGroup } from './producer-group.js';

/** The ARN of a secret in Secrets Manager. */
export const secretArnSchema = z
  .string()
  .regex(/^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]+$/);

/** One version of an S3 object: `s3://bucket/key@versionId`. */
export const artifactSchema = z.string().regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/.+@[^@/\s]+$/);

export interface SecretProducerProps {
  /**
   * Names of further accounts whose envers may consume it: the secret has a resource policy, and a key, that let
   * them read it.
   * @default none: the enver's own account alone
   */
  readonly readableFrom?: readonly string[];
  /**
   * An ARN for offline synthesis and tests. It is never deployed.
   * @default none
   */
  readonly example?: string;
}

/** A secret: the product is its ARN, never the secret itself. */
export class SecretProducer extends Producer<typeof secretArnSchema> {
  override readonly kind = 'secret';
  readonly readableFrom: readonly string[];

  constructor(scope: Enver | ProducerGroup, id: string, props: SecretProducerProps = {}) {
    super(scope, id, {
      schema: secretArnSchema,
      ...(props.example !== undefined && { example: props.example }),
    });
    this.readableFrom = props.readableFrom ?? [];
  }
}

export interface ArtifactProducerProps {
  /**
   * A place for offline synthesis and tests. It is never deployed.
   * @default none
   */
  readonly example?: string;
}

/** A file: the product is the place of one version of an S3 object. */
export class ArtifactProducer extends Producer<typeof artifactSchema> {
  override readonly kind = 'artifact';

  constructor(scope: Enver | ProducerGroup, id: string, props: ArtifactProducerProps = {}) {
    super(scope, id, {
      schema: artifactSchema,
      ...(props.example !== undefined && { example: props.example }),
    });
  }
}
