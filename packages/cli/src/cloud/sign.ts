import { createHash, createHmac } from 'node:crypto';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { OdmdError } from '@ondemandenv/contracts-base';
import { SignatureV4 } from '@smithy/signature-v4';

interface Unsigned {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly body?: string;
}

/** The headers with which AWS believes who sends a request. @throws OdmdError ODMD742 there are no credentials */
export type Signer = (request: Unsigned) => Promise<Record<string, string>>;

/** Signs with whatever credentials the AWS CLI would use here: environment, profile, single sign-on, role. */
export function awsSigner(region: string): Signer {
  const credentials = defaultProvider();
  const signature = new SignatureV4({ service: 'lambda', region, credentials, sha256: Sha256 });
  return async ({ method, url, body }) => {
    await credentials().catch((cause) => {
      throw new OdmdError('ODMD742', `there are no credentials of AWS: ${cause.message}`, {
        fix: 'sign in as you do for the AWS CLI (`aws sso login`), or set AWS_PROFILE',
        cause,
      });
    });
    const { headers } = await signature.sign({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { host: url.host, 'content-type': 'application/json' },
      ...(body !== undefined && { body }),
    });
    const { host: _, ...sent } = headers;
    return sent;
  };
}

/** SHA-256, with a key HMAC of it. */
class Sha256 {
  private readonly hash;

  constructor(key?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = key === undefined ? createHash('sha256') : createHmac('sha256', bytes(key));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.hash.update(bytes(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }

  reset(): void {}
}

function bytes(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
