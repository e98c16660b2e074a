/** What a consumer does when the product it uses changes. */
export class Reaction {
  /** Redeploy the consuming enver, in the order of the rollout. */
  static deploy(): Reaction {
    return new Reaction('deploy');
  }

  /** Do nothing; the next deployment for another cause picks the new value up. */
  static ignore(): Reaction {
    return new Reaction('ignore');
  }

  private constructor(readonly kind: 'deploy' | 'ignore') {}
}
