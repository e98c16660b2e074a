import { type Consumer, type Enver, type EnverEntry, stackName } from '@ondemandenv/contracts-base';
import { App, type AppProps, Aspects, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { z } from 'zod';
import { AppRoles } from './aspects/app-roles.js';
import { Collisions } from './aspects/collisions.js';
import { NotDeployable } from './aspects/not-deployable.js';
import { Removal } from './aspects/removal.js';
import { CurrentEnver } from './current-enver.js';
import { physicalName } from './physical-name.js';
import { processSurroundings, type Surroundings } from './surroundings.js';

export interface EnverAppProps extends AppProps {
  /**
   * Holds the app against the AwsSolutions rules of cdk-nag. What breaks one for a reason says so:
   * `Validations.of(construct).acknowledge({ id: 'AwsSolutions-…', reason: '…' })`.
   * @default true
   */
  readonly nag?: boolean;
  /** @default those of this process */
  readonly surroundings?: Surroundings;
}

/**
 * The CDK app of a service: everything in it is made for one enver, which `ODMD_ENVER` names, else the branch or tag
 * that is checked out. A clone is made by the same code.
 *
 * @example
 * const { orderManager } = contracts;
 * const stack = new EnverStack(new EnverApp(orderManager));
 * const bus = EventBus.fromEventBusName(stack, 'Bus', stack.input(orderManager.bus));
 * stack.output(orderManager.api, { url: functionUrl.url, stage: 'live' });
 */
export class EnverApp extends App {
  private readonly current: CurrentEnver;
  private readonly names = new Set<string>();

  /**
   * @param enver any enver of the app's build in the contracts
   * @throws OdmdError ODMD514, ODMD570, ODMD571, ODMD572 when it cannot be told which enver this is
   */
  constructor(enver: Enver, props: EnverAppProps = {}) {
    const { nag = true, surroundings = processSurroundings(), ...appProps } = props;
    super({
      ...appProps,
      // Else AWS makes the logs of a function when it first runs, and nobody deletes them; cdk.json may say otherwise.
      context: { '@aws-cdk/aws-lambda:useCdkManagedLogGroup': true, ...appProps.context },
      // What the aspects add has to be visited by the aspects.
      postCliContext: { ...appProps.postCliContext, '@aws-cdk/core:aspectStabilization': true },
    });
    this.current = new CurrentEnver(enver, surroundings);
    const aspects = Aspects.of(this);
    aspects.add(new Collisions(this.entry, this.names));
    if (this.entry.ephemeral) aspects.add(new Removal());
    aspects.add(new AppRoles(this.entry));
    aspects.add(new NotDeployable(() => this.current.exampleUsed));
    if (nag) Validations.of(this).addPlugins(new AwsSolutionsChecks(this));
  }

  /** The enver's entry in the contracts; of a clone, the clone's. */
  get entry(): EnverEntry {
    return this.current.entry;
  }

  /** Name of the enver's stack with this suffix in the contract. */
  stackName(suffix = ''): string {
    return stackName(this.entry.id, suffix);
  }

  /**
   * The concrete value of what the enver consumes, at synthesis already.
   *
   * @throws OdmdError ODMD573 there is none · ODMD574 it is not of its type
   */
  input<S extends z.ZodType>(consumer: Consumer<S>): z.output<S> {
    return this.current.input(consumer);
  }

  /**
   * A name of this enver's own for what CloudFormation cannot name: lower-case letters, digits and dashes.
   *
   * @param purpose at most 32 letters, digits and single dashes
   * @param maxLength at least 16
   * @throws OdmdError ODMD577
   */
  physicalName(purpose: string, maxLength?: number): string {
    const name = physicalName(this.entry.id, purpose, maxLength);
    this.names.add(name);
    return name;
  }
}
