import type { Consumer, Enver, EnverEntry } from '@ondemandenv/contracts-base';
import type { z } from 'zod';
import type { InputsFile } from '../inputs-file.js';
import { AppError } from './app-error.js';
import { entryInContracts } from './contracts-entry.js';
import { exampleOf } from './examples.js';
import { readResolved } from './input-values.js';
import { otherContracts } from './other-contracts.js';
import type { Surroundings } from './surroundings.js';

/** The enver that a CDK app is synthesised for: its entry, and what it consumes as concrete values. */
export class CurrentEnver {
  /** As the platform applies it; offline, as the installed contracts have it. */
  readonly entry: EnverEntry;
  /** Whether an input is an example, so that what is synthesised must not be deployed. */
  exampleUsed = false;
  private readonly resolved: InputsFile | undefined;
  private readonly say: (line: string) => void;
  private told = false;

  constructor(declared: Enver, surroundings: Surroundings) {
    this.resolved = readResolved(declared.build.id, surroundings);
    this.entry = this.resolved?.entry ?? entryInContracts(declared, surroundings);
    this.say = surroundings.say;
    const warning = this.resolved && otherContracts(declared, this.entry, surroundings);
    if (warning !== undefined) this.say(warning);
  }

  /**
   * The value of a consumed product: the resolved one; offline the consumer's placeholder, else the producer's example.
   *
   * @throws OdmdError ODMD573 there is none · ODMD574 it is not of the type that the app was compiled with
   */
  input<S extends z.ZodType>(consumer: Consumer<S>): z.output<S> {
    const where = `input ${consumer.id} of ${this.entry.id}`;
    if (consumer.enver.build.id !== this.entry.build)
      throw new AppError('ODMD573', `it is consumed by ${consumer.enver.id}, not by this enver`, {
        where,
        fix: 'declare a consumer in the contract of this enver and use that one',
      });
    const value = this.resolved ? this.resolved.inputs[consumer.id] : this.offline(consumer);
    if (value === undefined) throw this.resolved ? notApplied(where) : noExample(where, consumer);
    const parsed = consumer.producer.schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const places = parsed.error.issues.map(({ path, code }) => `${code} at /${path.join('/')}`);
    throw new AppError('ODMD574', `it is not of its type: ${places.join('; ')}`, {
      where,
      fix: 'build the app with the release of the contracts that is applied',
    });
  }

  private offline(consumer: Consumer): unknown {
    if (!this.told) this.say(OFFLINE);
    this.told = true;
    if (consumer.placeholder !== undefined) return consumer.placeholder;
    this.exampleUsed = true;
    return exampleOf(consumer.producer, this.entry);
  }
}

const OFFLINE =
  'odmd: synthesising offline: inputs are the placeholders and examples of the contracts; examples cannot be deployed';

function notApplied(where: string): AppError {
  return new AppError('ODMD573', 'the contracts that are applied have no such consumer', {
    where,
    fix: 'publish the contracts that declare it, then deploy again',
  });
}

function noExample(where: string, { producer }: Consumer): AppError {
  return new AppError('ODMD573', 'there is no value for it offline', {
    where,
    fix: `give the producer ${producer.name} of ${producer.enver.id} an example`,
  });
}
