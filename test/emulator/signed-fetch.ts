import { createHash, createHmac } from 'node:crypto';
import { type Credentials, REGION } from './emulator.js';

export interface Answered {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what functions answer has as many types as there are functions
  readonly body: any;
}

/**
 * Calls the address of a function as these credentials, or unsigned as nobody.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export async function callFunction(
  url: string,
  as: Credentials | undefined,
  method: 'GET' | 'POST' = 'GET',
  content?: object,
): Promise<Answered> {
  const body = content === undefined ? '' : JSON.stringify(content);
  const headers = {
    'content-type': 'application/json',
    ...(as && signature(new URL(url), as, method, body)),
  };
  const response = await fetch(url, { method, headers, ...(body !== '' && { body }) });
  const text = await response.text();
  return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
}

function signature(url: URL, as: Credentials, method: string, body: string): Record<string, string> {
  const at = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const day = at.slice(0, 8);
  const signed = {
    host: url.host,
    'x-amz-date': at,
    ...(as.sessionToken !== undefined && { 'x-amz-security-token': as.sessionToken }),
  };
  const names = Object.keys(signed).join(';');
  const lines = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`);
  const canonical = [method, url.pathname, url.search.slice(1), lines.join(''), names, sha256(body)];
  const scope = `${day}/${REGION}/lambda/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', at, scope, sha256(canonical.join('\n'))].join('\n');
  const key = [day, REGION, 'lambda', 'aws4_request'].reduce<string | Buffer>(
    (made, part) => createHmac('sha256', made).update(part).digest(),
    `AWS4${as.secretAccessKey}`,
  );
  const code = createHmac('sha256', key).update(text).digest('hex');
  const { host: _, ...sent } = signed;
  const authorization = `AWS4-HMAC-SHA256 Credential=${as.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${code}`;
  return { ...sent, authorization };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
