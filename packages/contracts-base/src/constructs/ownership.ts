/** Who answers and pays for something. What builds and envers do not say themselves, they have from above. */
export interface Ownership {
  /**
   * The team that answers for it, e.g. `team-orders`.
   * @default that of the build, then of the contracts
   */
  readonly owner?: string;
  /** @default that of the build, then of the contracts */
  readonly costCentre?: string;
  /**
   * Tags of everything that is deployed; they are added to those from above, and win over one of the same key.
   * @default none
   */
  readonly tags?: Readonly<Record<string, string>>;
}

/** `own` with everything that it leaves open taken from `above`. */
export function inherit(own: Ownership, above: Ownership = {}): Ownership {
  const owner = own.owner ?? above.owner;
  const costCentre = own.costCentre ?? above.costCentre;
  return {
    ...(owner !== undefined && { owner }),
    ...(costCentre !== undefined && { costCentre }),
    tags: { ...above.tags, ...own.tags },
  };
}
