/** A role, by its name, in an account, by the name that the contracts give it. */
export interface AccountRole {
  /** A key of the contracts' `accounts`. */
  readonly account: string;
  /** Name of an IAM role, without its path. */
  readonly role: string;
}

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

  /** Tell the enver's owner, and deploy nothing. */
  static alarm(): Reaction {
    return new Reaction('alarm');
  }

  /**
   * Redeploy after one of these roles has approved exactly that change.
   *
   * @example Reaction.approve({ account: 'workspace1', role: 'release-managers' })
   */
  static approve(...by: readonly [AccountRole, ...AccountRole[]]): Reaction {
    return new Reaction('approve', by);
  }

  private constructor(
    readonly kind: 'deploy' | 'ignore' | 'alarm' | 'approve',
    /** Who may approve; nobody unless the kind is `approve`. */
    readonly approvers: readonly AccountRole[] = [],
  ) {}
}
