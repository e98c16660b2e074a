import {
  artifactBucket,
  assetPrefix,
  type Consumer,
  type Producer,
  toJsonSchema,
} from '@ondemandenv/contracts-base';
import {
  CfnOutput,
  CliCredentialsStackSynthesizer,
  type IStackSynthesizer,
  Stack,
  type StackProps,
  Tags,
  Token,
} from 'aws-cdk-lib';
import type { z } from 'zod';
import { isText } from '../json-schema.js';
import { outputId } from '../output-id.js';
import { AppError } from './app-error.js';
import type { EnverApp } from './enver-app.js';
import { tagsOf } from './tags.js';

export type EnverStackProps = Omit<StackProps, 'env' | 'stackName' | 'synthesizer'>;

/** A stack of an enver, with the name, the place and the tags that the contract gives it. */
export class EnverStack extends Stack {
  readonly app: EnverApp;

  /**
   * @param suffix as in the contract's `stacks`; none for the stack of the default name
   * @throws OdmdError ODMD575 the contract has no such stack
   */
  constructor(app: EnverApp, suffix = '', props: EnverStackProps = {}) {
    const { entry } = app;
    const name = app.stackName(suffix);
    if (!entry.stacks.includes(name)) throw unknownStack(app, suffix, name);
    const tags = tagsOf(entry);
    // The name is the construct's id, too: what the CDK names after the path of a construct then differs in clones.
    super(app, name, {
      ...props,
      stackName: name,
      env: { account: entry.account.id, region: entry.region },
      tags: { ...props.tags, ...tags },
      // The CDK's own types do not agree under `exactOptionalPropertyTypes`.
      synthesizer: new CliCredentialsStackSynthesizer({
        fileAssetsBucketName: artifactBucket(entry.account.id, entry.region),
        bucketPrefix: assetPrefix(entry.id),
      }) as IStackSynthesizer,
    });
    this.app = app;
    for (const [key, value] of Object.entries(tags)) Tags.of(this).add(key, value);
  }

  /**
   * The concrete value of what the enver consumes, at synthesis already.
   *
   * @throws OdmdError ODMD573 there is none · ODMD574 it is not of its type
   */
  input<S extends z.ZodType>(consumer: Consumer<S>): z.output<S> {
    return this.app.input(consumer);
  }

  /** As `EnverApp.physicalName`. */
  physicalName(purpose: string, maxLength?: number): string {
    return this.app.physicalName(purpose, maxLength);
  }

  /**
   * Makes a value a product of the enver: an output of this stack, which `odmd-enver deploy` publishes under the name of
   * the product. Strings in it may be known at deployment only.
   *
   * @throws OdmdError ODMD576 a product of another enver, put out twice, or not of its type
   */
  output<S extends z.ZodType>(producer: Producer<S>, value: z.input<S>): void {
    const { entry } = this.app;
    const where = `product ${producer.name} of ${entry.id}`;
    const id = outputId(producer.name);
    const taken = this.app.node.children.some((stack) => stack.node.tryFindChild(id));
    if (producer.enver.build.id !== entry.build || taken)
      throw new AppError('ODMD576', taken ? 'it is put out twice' : `it belongs to ${producer.enver.id}`, {
        where,
        fix: taken ? 'put every product out once' : 'put out the products of the own enver of the app',
      });
    const text = isTextType(producer) && typeof value === 'string' ? value : this.toJsonString(value);
    if (!hasToken(value) && !producer.schema.safeParse(value).success)
      throw new AppError('ODMD576', 'the value is not of its type', {
        where,
        fix: 'put out a value of the type in the contracts',
      });
    new CfnOutput(this, id, { value: text, description: `odmd ${producer.name}` });
  }
}

/** Whether any part of a value is known at deployment only. */
function hasToken(value: unknown): boolean {
  if (Token.isUnresolved(value)) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(hasToken);
}

/** Whether the product is the text itself; any other type is published as JSON. */
function isTextType({ schema }: Producer): boolean {
  const result = toJsonSchema(schema);
  return 'schema' in result && isText(result.schema);
}

function unknownStack({ entry }: EnverApp, suffix: string, name: string): AppError {
  return new AppError('ODMD575', `the contract of ${entry.id} has no stack ${name}`, {
    where: suffix === '' ? 'the default stack' : `stack ${suffix}`,
    fix: `make those that it has: ${entry.stacks.join(', ')}; or declare it in the \`stacks\` of the contract`,
  });
}
