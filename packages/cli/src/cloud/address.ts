import { OdmdError } from '@ondemandenv/contracts-base';

/** Where a platform on AWS answers. */
export interface CloudAddress {
  /** Ends in `/`. */
  readonly url: string;
  /** The region whose signatures it takes. */
  readonly region: string;
}

/**
 * @param text the address of the platform's function, as the central stack gives it out
 * @throws OdmdError ODMD740 it is no address, or everybody on the way could read what is sent · ODMD741 its region is
 *   not known
 */
export function cloudAddress(text: string, env: Readonly<Record<string, string | undefined>>): CloudAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const here = url?.hostname === '127.0.0.1' || url?.hostname === 'localhost';
  if (!url || !(url.protocol === 'https:' || (url.protocol === 'http:' && here)))
    throw new OdmdError('ODMD740', 'this is not the address of a platform', {
      where: text,
      fix: 'give the https address that the stack odmd-central has as its output `ApiUrl`',
    });
  const own = /\.lambda-url\.([a-z0-9-]+)\.on\.aws$/.exec(url.hostname)?.[1];
  const region = own ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  if (!region)
    throw new OdmdError('ODMD741', 'the region of the platform is not known', {
      where: text,
      fix: 'set AWS_REGION to it',
    });
  return { url: `${url.origin}${url.pathname.replace(/\/*$/, '/')}`, region };
}
