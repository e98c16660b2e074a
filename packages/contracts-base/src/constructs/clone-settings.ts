/** On-demand copies of an enver. */
export interface CloneSettings {
  /**
   * How many clones of this enver may live at once; 0 for none.
   * @default 20
   */
  readonly max?: number;
  /**
   * Branches that get a clone as soon as they are pushed: names, in which `*` stands for anything, e.g. `feature/*`.
   * @default none: clones are asked for
   */
  readonly auto?: readonly string[];
  /**
   * How long after the last push a clone goes by itself: minutes, hours or days, e.g. `72h`, `7d`.
   * @default never
   */
  readonly expires?: string;
}

export type ClonesOfEnver =
  | 'off'
  | { readonly max: number; readonly auto: readonly string[]; readonly expires?: string };

/** How `expires` is written. */
export const LIFETIME = /^[1-9]\d{0,4}[mhd]$/;

const DEFAULT_MAX_CLONES = 20;

/** Settings with their defaults; in a production account there are no clones unless somebody asks for them. */
export function clonesOf(settings: CloneSettings | 'off' | undefined, production: boolean): ClonesOfEnver {
  if (settings === 'off' || (settings === undefined && production)) return 'off';
  return {
    max: settings?.max ?? DEFAULT_MAX_CLONES,
    auto: settings?.auto ?? [],
    ...(settings?.expires !== undefined && { expires: settings.expires }),
  };
}
