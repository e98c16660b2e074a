import { type EnverEntry, type Producer, repositoryName } from '@ondemandenv/contracts-base';

/**
 * A value with which an app can be synthesised offline: the producer's example, else one of the shape that the products
 * of its kind of enver have; `undefined` when there is none.
 *
 * @param consumer the enver that wants it
 */
export function exampleOf(producer: Producer, consumer: EnverEntry): unknown {
  if (producer.example !== undefined) return producer.example;
  const { enver, id } = producer;
  if (enver.kind === 'npmPackage')
    return { name: enver.build.id, version: '0.0.0', integrity: 'sha512-AAAA' };
  if (enver.kind !== 'containerImage') return undefined;
  const image = producer.name.slice(0, -(id.length + 1));
  if (id === 'imageDigest') return `sha256:${'0'.repeat(64)}`;
  if (id === 'repositoryUri')
    return `${consumer.account.id}.dkr.ecr.${consumer.region}.amazonaws.com/${repositoryName(enver.id, image)}`;
  return undefined;
}
