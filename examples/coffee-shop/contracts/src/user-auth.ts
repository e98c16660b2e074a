import { CdkEnver, Consumer, Producer, Reaction, SecretProducer } from '@ondemandenv/contracts-base';
import { z } from 'zod';

/** Signs guests in. There is one for all: a guest has one account, so nobody clones it. */
export class UserAuth extends CdkEnver {
  /** The `iss` of its tokens, where their keys are found. */
  readonly issuer = new Producer(this, 'issuer', {
    schema: z.url(),
    example: 'https://cognito-idp.us-west-1.amazonaws.com/us-west-1_Coffee',
  });
  /** Where a client sends guests to sign in. */
  readonly signIn = new Producer(this, 'signIn', {
    schema: z.object({ url: z.url(), clientId: z.string().min(1) }),
    example: { url: 'https://sign-in.coffee.example', clientId: '1h57kf5cpq17m0eml12EXAMPLE' },
  });
  /** Name and password of a guest who exists for tests alone. */
  readonly testGuest = new SecretProducer(this, 'testGuest', {
    readableFrom: ['workspace1'],
    example: 'arn:aws:secretsmanager:us-west-1:333333333333:secret:test-guest-AbCdEf',
  });

  override get exec() {
    return { ...super.exec, services: [...super.exec.services, 'cognito-idp'] };
  }

  /**
   * Lets guests come back to a client, which consumes this enver itself: the circle starts with an address on a
   * developer's machine. Codes that sign guests in are sent to this address, so that somebody looks at a new one.
   */
  returnTo(callback: Producer<z.ZodURL>) {
    return new Consumer(this, 'callback', callback, {
      placeholder: 'http://localhost:3000/callback',
      onChange: Reaction.approve({ account: 'workspace0', role: 'identity-lead' }),
    });
  }
}
