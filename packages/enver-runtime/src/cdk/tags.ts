import type { EnverEntry } from '@ondemandenv/contracts-base';

/** Characters of a tag's value, and how many; AWS refuses others. */
const ILLEGAL = /[^\p{L}\p{N}\s_.:/=+\-@]/gu;
const MAX_VALUE = 256;

/** The tags of everything that an enver deploys: those of its contract, and who and what it is for. */
export function tagsOf({ build, revision, owner, costCentre, tags }: EnverEntry): Record<string, string> {
  const all = {
    ...tags,
    'odmd:build': build,
    'odmd:revision': revision.ref,
    ...(owner !== undefined && { 'odmd:owner': owner }),
    ...(costCentre !== undefined && { 'odmd:cost-centre': costCentre }),
  };
  return Object.fromEntries(Object.entries(all).map(([key, value]) => [key, legal(value)]));
}

function legal(value: string): string {
  return [...value.replaceAll(ILLEGAL, '-')].slice(0, MAX_VALUE).join('');
}
