import type { ECRClient } from '@aws-sdk/client-ecr';
import { type EnverEntry, OdmdError } from '@ondemandenv/contracts-base';
import type { ImageRegistry } from '../images/deploy-images.js';
import { codedError } from './errors.js';
import type { Session } from './sessions.js';
import { CLIENT } from './settings.js';

/** The registry of an enver's account and region, as its build role. */
export class Images implements ImageRegistry {
  readonly host: string;
  private readonly region: string;
  private readonly credentials: (() => Promise<Session>) | undefined;
  private made: Promise<ECRClient> | undefined;

  /** @param credentials without them, those that the SDK finds */
  constructor({ account, region }: EnverEntry, credentials: (() => Promise<Session>) | undefined) {
    this.host = `${account.id}.dkr.ecr.${region}.amazonaws.com`;
    this.region = region;
    this.credentials = credentials;
  }

  async digest(repositoryName: string, imageTag: string): Promise<string | undefined> {
    const { DescribeImagesCommand } = await import('@aws-sdk/client-ecr');
    const ecr = await this.client();
    const command = new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag }] });
    try {
      return (await ecr.send(command)).imageDetails?.[0]?.imageDigest;
    } catch (error) {
      const name = error instanceof Error ? error.name : '';
      if (name === 'ImageNotFoundException') return undefined;
      const where = `${this.host}/${repositoryName}`;
      if (name === 'RepositoryNotFoundException') throw noRepository(where);
      throw codedError(error, { what: 'look for the image', where });
    }
  }

  async login(): Promise<string> {
    const { GetAuthorizationTokenCommand } = await import('@aws-sdk/client-ecr');
    const ecr = await this.client();
    const asked = { what: 'log in to the registry', where: this.host };
    const { authorizationData = [] } = await ecr
      .send(new GetAuthorizationTokenCommand({}))
      .catch((error: unknown) => {
        throw codedError(error, asked);
      });
    const token = authorizationData[0]?.authorizationToken;
    if (token !== undefined) return token;
    throw new OdmdError('ODMD504', 'AWS gave no login for the registry', {
      where: this.host,
      fix: 'run the job again',
    });
  }

  private client(): Promise<ECRClient> {
    const { credentials } = this;
    this.made ??= import('@aws-sdk/client-ecr').then(
      ({ ECRClient }) =>
        new ECRClient({ ...CLIENT, region: this.region, ...(credentials && { credentials }) }),
    );
    return this.made;
  }
}

function noRepository(where: string): OdmdError {
  return new OdmdError('ODMD581', 'there is no such repository', {
    where,
    fix: 'let the platform make it: it does so when it applies contracts with this image; then deploy again',
  });
}
