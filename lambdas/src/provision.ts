import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { AssumeRoleCommand, type Credentials, STSClient } from '@aws-sdk/client-sts';
import type { CentralPlace } from '@ondemandenv/central-stacks';
import { enverTemplates } from '@ondemandenv/central-stacks/templates';
import { OdmdError, PROVISIONED_BY, roleArn } from '@ondemandenv/contracts-base';
import {
  CloudFormationProvisioner,
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
    const { Credentials } = await sts.send(command).catch((cause) => {
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
  return async ({ task, entry, repo }) => {
    const provisioner = new CloudFormationProvisioner({
      stacksOf: async (of) => {
        const { own, central: inCentral } = enverTemplates({ entry: of, central, repo, accountIds });
        return [inCentral, own];
      },
      clientFor: async (account, region) => {
        const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = await session(account);
        return new CloudFormationClient({
          region,
          credentials: {
            accessKeyId: AccessKeyId,
            secretAccessKey: SecretAccessKey,
            ...(SessionToken !== undefined && { sessionToken: SessionToken }),
          },
        });
      },
      now: Date.now,
    });
    return task === 'ensure' ? provisioner.ensure(entry) : provisioner.remove(entry);
  };
}
