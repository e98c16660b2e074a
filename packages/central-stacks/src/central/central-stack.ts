import { CfnOutput, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import { type Code, FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { CentralPlace } from '../policy/enver.js';
import { addressForCallers } from './callers.js';
import { messaging } from './messaging.js';
import { CENTRAL, type FunctionName } from './names.js';
import { operations } from './operations.js';
import { platformFunctions, STEP } from './platform-functions.js';
import { storage } from './storage.js';
import { triggers } from './triggers.js';

export interface CentralStackProps {
  readonly central: CentralPlace;
  /** The org's accounts (12 digits) by name: their CloudFormation events are taken. */
  readonly accounts: Readonly<Record<string, string>>;
  /** Which contracts the platform obeys: the installation as JSON. */
  readonly installation: string;
  /** The bundled code of each function. */
  readonly code: (name: FunctionName) => Code;
  /**
   * Where the API of GitHub is, for a GitHub of one's own.
   * @default 'https://api.github.com'
   */
  readonly githubUrl?: string;
  /**
   * Names of the accounts whose people may ask the platform, where IAM lets them.
   * @default all of them
   */
  readonly callers?: readonly string[];
}

/** The whole platform: what it remembers, what it is told, and the functions that act on it. */
export class CentralStack extends Stack {
  /** Where GitHub sends its webhooks. */
  readonly webhookUrl: string;
  /** Where `odmd` asks the platform. */
  readonly apiUrl: string;

  constructor(scope: Construct, id: string, props: CentralStackProps & StackProps) {
    const { central, accounts, installation, code, githubUrl = 'https://api.github.com' } = props;
    super(scope, id, {
      ...props,
      stackName: CENTRAL.stack,
      description: 'ONDEMANDENV: the central platform of the organisation',
      env: { account: central.account, region: central.region },
      terminationProtection: true,
    });
    Tags.of(this).add('odmd:platform', 'true');
    const { table, manifests } = storage(this, central);
    const tellers = new Set(Object.values(accounts).filter((account) => account !== central.account));
    const { queue, deadLetters, bus, alarms } = messaging(this, { step: STEP, tellers });
    const functions = platformFunctions(this, {
      central,
      code,
      environment: {
        ODMD_TABLE: table.tableName,
        ODMD_QUEUE: queue.queueUrl,
        ODMD_BUS: bus.eventBusName,
        ODMD_MANIFESTS: manifests.bucketName,
        ODMD_APP_SECRET: CENTRAL.appSecret,
        ODMD_ALARMS: alarms.topicArn,
        ODMD_INSTALLATION: installation,
        ODMD_ACCOUNTS: JSON.stringify(accounts),
        ODMD_GITHUB_URL: githubUrl,
        ODMD_CENTRAL_ACCOUNT: central.account,
        ODMD_CENTRAL_REGION: central.region,
      },
    });
    triggers(this, { central, bus, queue, functions });
    operations(this, { alarms, queue, deadLetters, functions });
    this.webhookUrl = functions.ingress.addFunctionUrl({ authType: FunctionUrlAuthType.NONE }).url;
    this.apiUrl = addressForCallers(functions.api, accounts, props.callers);
    new CfnOutput(this, 'WebhookUrl', {
      value: this.webhookUrl,
      description: 'Where the GitHub App sends its webhooks',
    });
    new CfnOutput(this, 'ApiUrl', { value: this.apiUrl, description: 'Where odmd asks the platform' });
  }
}
