import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, type Credentials, STSClient } from '@aws-sdk/client-sts';
import type { CentralPlace } from '@ondemandenv/central-stacks';
import { enverTemplates } from '@ondemandenv/central-stacks/templates';
import { artifactBucket, assetPrefix, OdmdError, PROVISIONED_BY, roleArn } from '@ondemandenv/contracts-base';
import {
  CloudFormationProvisioner,
  emptyFolder,
  type ProvisionAnswer,
  type ProvisionRequest,
} from '@ondemandenv/control-plane/aws';

/** Sessions are renewed when they have less than this left. */
const SPARE_MS = 5 * 60_000;

/** Answers what the provisioner's function is asked. */
export function createProvisioner(
  central: CentralPlace,
  accountIds: Readonly<Record<string, string>>,
): (request: ProvisionRequest) => Promise<ProvisionAnswer> {
  const sts = new STSClient({ region: central.region });
  const sessions = new Map<string, Credentials>();
  const session = async (account: string): Promise<Credentials> => {
    const known = sessions.get(account);
    if (known?.Expiration && known.Expiration.getTime() - Date.now() > SPARE_MS) return known;
    const RoleArn = roleArn(account, '/', PROVISIONED_BY);
    const command = new AssumeRoleCommand({ RoleArn, RoleSessionName: 'odmd-provisioner' });
    const { Credentials } = await sts.send(command).catch((cause: Error) => {
      if (cause.name !== 'AccessDenied') throw cause;
      throw new OdmdError('ODMD862', `account ${account} does not let the platform in`, {
        where: RoleArn,
        fix: 'deploy the stack `odmd-account` in that account',
        cause,
      });
    });
    if (!Credentials) throw new Error('unreachable: STS gave no credentials');
    sessions.set(account, Credentials);
    return Credentials;
  };
  const settings = async (account: string, region: string) => {
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = await session(account);
    return {
      region,
      credentials: {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        ...(SessionToken !== undefined && { sessionToken: SessionToken }),
      },
    };
  };
  return async ({ task, entry, origin: _, ...facts }) => {
    const provisioner = new CloudFormationProvisioner({
      stacksOf: async (of) => {
        const { own, central: inCentral } = enverTemplates({ ...facts, entry: of, central, accountIds });
        return [inCentral, own];
      },
      clientFor: async (account, region) => new CloudFormationClient(await settings(account, region)),
      emptyAssets: async ({ id, account, region }) => {
        const s3 = new S3Client({ ...(await settings(account.id, region)), forcePathStyle: true });
        return emptyFolder(s3, artifactBucket(account.id, region), assetPrefix(id));
      },
      now: Date.now,
    });
    return task === 'ensure' ? provisioner.ensure(entry) : provisioner.remove(entry);
  };
}
