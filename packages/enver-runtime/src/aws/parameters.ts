import type { SSMClient } from '@aws-sdk/client-ssm';
import { OdmdError } from '@ondemandenv/contracts-base';
import type { StoredValue, ValueName } from '../platform.js';
import { formatValueName, READ_BATCH } from '../protocol.js';
import { codedError } from './errors.js';
import { Pace, realTime, type Waiting } from './pace.js';
import type { Sessions } from './sessions.js';
import { CLIENT } from './settings.js';

/** What Parameter Store takes by default, for a whole account and region. */
const WRITES_PER_SECOND = 3;

/** The config store: Parameter Store in the central account. */
export class Parameters {
  private readonly sessions: Sessions;
  private readonly region: string;
  private readonly pace: Pace;
  private made: Promise<SSMClient> | undefined;

  constructor(sessions: Sessions, region: string, time: Waiting = realTime) {
    this.sessions = sessions;
    this.region = region;
    this.pace = new Pace(WRITES_PER_SECOND, time);
  }

  /** One call for each ten names. */
  async read(names: readonly ValueName[]): Promise<StoredValue[]> {
    const unique = [...new Set(names.map(formatValueName))];
    const values: StoredValue[] = [];
    for (let start = 0; start < unique.length; start += READ_BATCH)
      values.push(...(await this.readBatch(unique.slice(start, start + READ_BATCH))));
    return values;
  }

  /** One call, and at most three in a second. */
  async write(path: string, value: string): Promise<{ version: number }> {
    const { PutParameterCommand } = await import('@aws-sdk/client-ssm');
    // An advanced parameter costs money, so it is one only where it has to be: above 4 KB, or for the 10,001st.
    const tier = { Type: 'String', Tier: 'Intelligent-Tiering', Overwrite: true } as const;
    const command = new PutParameterCommand({ Name: path, Value: value, ...tier });
    const ssm = await this.client();
    await this.pace.turn();
    const { Version } = await ssm.send(command).catch((error: unknown) => {
      throw codedError(error, { what: `write ${path}`, where: path });
    });
    if (Version !== undefined) return { version: Version };
    throw new OdmdError('ODMD504', 'AWS did not say which version it wrote', { where: path });
  }

  private async readBatch(Names: string[]): Promise<StoredValue[]> {
    const { GetParametersCommand } = await import('@aws-sdk/client-ssm');
    const ssm = await this.client();
    const answer = await ssm.send(new GetParametersCommand({ Names })).catch((error: unknown) => {
      const names = Names.join(', ');
      throw codedError(error, { what: `read ${names}`, where: names });
    });
    return (answer.Parameters ?? []).flatMap(({ Name, Version, Value }) =>
      Name === undefined || Version === undefined || Value === undefined
        ? []
        : { path: Name, version: Version, value: Value },
    );
  }

  private client(): Promise<SSMClient> {
    this.made ??= import('@aws-sdk/client-ssm').then(
      ({ SSMClient }) =>
        new SSMClient({ ...CLIENT, region: this.region, credentials: this.sessions.central }),
    );
    return this.made;
  }
}
