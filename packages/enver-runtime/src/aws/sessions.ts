import { type EnverId, OdmdError, roleArn, roleNames } from '@ondemandenv/contracts-base';
import type { AwsPlace } from '../environment.js';
import { codedError } from './errors.js';
import { jobToken } from './job-token.js';
import { CLIENT } from './settings.js';

/** Temporary credentials, as the clients of the SDK take them. */
export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** New credentials are asked for when those at hand have less time left than this. */
const MARGIN_MS = 5 * 60_000;
/** In seconds. */
const HOUR = 3600;

/**
 * The roles of a job. A job of GitHub exchanges its token for the build role of its enver; anywhere else, the build
 * role's credentials are those that the SDK finds. With them the enver's role in the central account is assumed.
 * Credentials live in this process only.
 *
 * Errors of both: ODMD550 refused · ODMD551 expired · ODMD553 no answer.
 */
export class Sessions {
  private readonly place: AwsPlace;
  private readonly enver: EnverId;
  /** Where roles are assumed: the region of the enver, or the platform's. */
  private readonly region: string;

  constructor(place: AwsPlace, enver: EnverId, region: string) {
    this.place = place;
    this.enver = enver;
    this.region = region;
  }

  /** The enver's build role; `undefined` where the SDK finds the credentials by itself. */
  get build(): (() => Promise<Session>) | undefined {
    return this.place.job && this.buildSession;
  }

  /**
   * The build role for commands that may take so long, within what its sessions may last: one hour to twelve.
   * `undefined` as above.
   */
  buildFor(minutes: number): (() => Promise<Session>) | undefined {
    const seconds = Math.min(Math.max(Math.ceil(minutes) * 60, HOUR), 12 * HOUR);
    // What is asked for without a word lasts an hour.
    return this.place.job && seconds > HOUR ? remembered(() => this.assumeBuild(seconds)) : this.build;
  }

  /** The enver's role in the central account. */
  readonly central = remembered(async () => {
    const { AssumeRoleCommand, STSClient } = await import('@aws-sdk/client-sts');
    const credentials = await this.build?.();
    const sts = new STSClient({ ...CLIENT, region: this.region, ...(credentials && { credentials }) });
    const arn = this.arn(this.place.centralAccount, 'central');
    const command = new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: this.sessionName() });
    return this.take(arn, 'it has to be in place, and trusts the build role of this enver only', () =>
      sts.send(command),
    );
  });

  private readonly buildSession = remembered(() => this.assumeBuild());

  private async assumeBuild(DurationSeconds?: number): Promise<Session> {
    const { job } = this.place;
    if (job === undefined) throw new Error('there is no job to make a session for');
    const { AssumeRoleWithWebIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
    const sts = new STSClient({ ...CLIENT, region: this.region });
    const arn = this.arn(job.account, 'build');
    const command = new AssumeRoleWithWebIdentityCommand({
      RoleArn: arn,
      RoleSessionName: this.sessionName(),
      WebIdentityToken: await jobToken(job),
      DurationSeconds,
    });
    const trust =
      "it trusts the enver's own workflow on the enver's own ref only: check what this job runs for";
    return this.take(arn, trust, () => sts.send(command));
  }

  private arn(account: string, role: 'build' | 'central'): string {
    const names = roleNames(this.enver);
    return roleArn(account, names.path, names[role]);
  }

  /** What CloudTrail shows; a role's name fits, the enver's id may not. */
  private sessionName(): string {
    return roleNames(this.enver).build;
  }

  private async take(arn: string, fix: string, send: () => Promise<Answer>): Promise<Session> {
    const { Credentials: taken } = await send().catch((error: unknown) => {
      throw codedError(error, { what: 'assume the role', where: arn, denied: { code: 'ODMD550', fix } });
    });
    if (!taken?.AccessKeyId || !taken.SecretAccessKey)
      throw new OdmdError('ODMD504', 'AWS gave no credentials for the role', { where: arn });
    return {
      accessKeyId: taken.AccessKeyId,
      secretAccessKey: taken.SecretAccessKey,
      ...(taken.SessionToken !== undefined && { sessionToken: taken.SessionToken }),
      ...(taken.Expiration && { expiration: taken.Expiration }),
    };
  }
}

interface Answer {
  readonly Credentials?:
    | {
        readonly AccessKeyId: string | undefined;
        readonly SecretAccessKey: string | undefined;
        readonly SessionToken?: string | undefined;
        readonly Expiration?: Date | undefined;
      }
    | undefined;
}

/** One session for all who ask, also while it is made, until it nears its end. */
function remembered(make: () => Promise<Session>): () => Promise<Session> {
  let last: Promise<Session> | undefined;
  let end = Number.POSITIVE_INFINITY;
  return () => {
    if (last && end - Date.now() > MARGIN_MS) return last;
    const made = make();
    last = made;
    end = Number.POSITIVE_INFINITY;
    made.then(
      ({ expiration }) => {
        if (expiration) end = expiration.getTime();
      },
      () => {
        last = undefined;
      },
    );
    return made;
  };
}
