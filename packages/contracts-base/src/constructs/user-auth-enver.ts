import { z } from 'zod';
import type { Build } from './build.js';
import { CdkEnver, type CdkEnverProps } from './cdk-enver.js';
import { Producer } from './producer.js';

/** As Amazon Cognito writes it: `us-west-1_Ab1Cd2Ef3`. */
export const userPoolIdSchema = z.string().regex(/^[a-z0-9-]+_[A-Za-z0-9]+$/);
export const userPoolClientIdSchema = z.string().regex(/^[A-Za-z0-9_+]{1,128}$/);

export type UserAuthEnverProps = Omit<CdkEnverProps, 'clones'>;

/**
 * The Amazon Cognito user pool that signs people in: a singleton, never cloned, since a person has one account. Its
 * tokens are issued by `https://cognito-idp.<region>.amazonaws.com/<user pool id>`. `Own` is as in `CdkEnver`; further
 * clients of the pool are products of a subclass.
 */
export class UserAuthEnver<Own = unknown> extends CdkEnver<Own> {
  readonly userPoolId = new Producer(this, 'userPoolId', { schema: userPoolIdSchema });
  /** Of the client with which people sign in. */
  readonly clientId = new Producer(this, 'clientId', { schema: userPoolClientIdSchema });

  constructor(build: Build, props: UserAuthEnverProps & NoInfer<Own>) {
    super(build, { ...props, clones: 'off' });
  }

  override get exec() {
    const { services, statements } = super.exec;
    return { services: this.props.exec?.services ?? [...services, 'cognito-idp'], statements };
  }
}
