import { type Problem, ProblemsError } from './errors.js';

/** What the platform tells a job, from its environment variables. */
export interface JobEnvironment {
  /** Id of the enver that the job works for, `ODMD_ENVER`. */
  readonly enver: string;
  /** Id of the dispatch that started the job, `ODMD_DISPATCH`; empty when a person started it on GitHub. */
  readonly dispatch: string;
  /** The commit that is checked out, where the job says it: `ODMD_SHA`. */
  readonly sha?: string;
  /** Where the platform is. */
  readonly platform: HttpPlace | AwsPlace;
  /** Absolute path of the file that collects outputs, `ODMD_OUTPUT`. */
  readonly outputFile: string;
  /** Full git name of the ref that the job runs for, where the job says it: `GITHUB_REF`. */
  readonly ref?: string;
  /** The program that builds and pushes container images, `ODMD_CONTAINER_TOOL`; `docker` if nothing else. */
  readonly containerTool?: string;
  /** Absolute path of the whole checkout, `GITHUB_WORKSPACE`; without it, this is run in the build's folder. */
  readonly checkout?: string;
}

/** A platform that jobs call over HTTP. */
export interface HttpPlace {
  readonly kind: 'http';
  /** `ODMD_PLATFORM_URL`, without a slash at its end. */
  readonly url: string;
  /** Bearer token of this job, `ODMD_JOB_TOKEN`. */
  readonly token: string;
}

/** The platform's account on AWS. */
export interface AwsPlace {
  readonly kind: 'aws';
  /** 12 digits, `ODMD_CENTRAL_ACCOUNT`. */
  readonly centralAccount: string;
  /** Home region of the platform, `ODMD_CENTRAL_REGION`. */
  readonly centralRegion: string;
  /** How a job of GitHub proves what it is. Without it, the SDK finds the credentials of the build role. */
  readonly job?: GitHubJob;
}

export interface GitHubJob {
  /** The account that the job deploys into, 12 digits, `ODMD_ACCOUNT`. */
  readonly account: string;
  /** `ACTIONS_ID_TOKEN_REQUEST_URL` */
  readonly tokenUrl: string;
  /** `ACTIONS_ID_TOKEN_REQUEST_TOKEN` */
  readonly bearer: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

const ENVER = /^[A-Za-z0-9_-]+\/[bt]\.\.[A-Za-z0-9_.-]+$/;
const BY_PLATFORM = 'run this as a step of a job: the platform sets it';

/**
 * Reads the job's environment and reports everything that is wrong with it together.
 *
 * @throws ProblemsError ODMD501
 */
export function readEnvironment(variables: Variables): JobEnvironment {
  const reader = new Reader(variables);
  const { GITHUB_REF: ref, ODMD_SHA: sha, ODMD_CONTAINER_TOOL: containerTool } = variables;
  const byHand = isOnAws(variables) && sha && !variables.ODMD_DISPATCH;
  // A platform that is called over HTTP starts its jobs in the build's folder, wherever it runs itself.
  const checkout = isOnAws(variables) && variables.GITHUB_WORKSPACE;
  const environment: JobEnvironment = {
    enver: reader.read('ODMD_ENVER', 'the id of the enver', (value) =>
      ENVER.test(value) ? undefined : 'is not an enver id such as order-manager/b..main',
    ),
    dispatch: byHand ? '' : reader.read('ODMD_DISPATCH', 'the id of the dispatch', undefined, DISPATCHED),
    platform: isOnAws(variables) ? awsPlace(reader, variables) : httpPlace(reader),
    outputFile: reader.read('ODMD_OUTPUT', 'the file that collects outputs', (value) =>
      value.startsWith('/') ? undefined : 'is not an absolute path',
    ),
    ...(sha && { sha }),
    ...(ref && { ref }),
    ...(checkout && { checkout }),
    ...(containerTool && { containerTool }),
  };
  if (reader.problems.length === 0) return environment;
  throw new ProblemsError('ODMD501', 'this is not a complete job environment:', undefined, reader.problems);
}

const DISPATCHED = 'let the platform start the job: `odmd deploy` dispatches the newest state of an enver';

function isOnAws({ ODMD_PLATFORM_URL, ODMD_CENTRAL_ACCOUNT, ODMD_CENTRAL_REGION }: Variables): boolean {
  return !ODMD_PLATFORM_URL && Boolean(ODMD_CENTRAL_ACCOUNT || ODMD_CENTRAL_REGION);
}

function httpPlace(reader: Reader): HttpPlace {
  const url = reader.read('ODMD_PLATFORM_URL', 'the address of the platform', (value) =>
    isHttpUrl(value) ? undefined : 'is not an http or https address',
  );
  // fetch repeats an illegal header value in its error; this is found out before.
  const token = reader.read('ODMD_JOB_TOKEN', "the job's token", headerProblem);
  return { kind: 'http', url: url.replace(/\/+$/, ''), token };
}

function awsPlace(reader: Reader, variables: Variables): AwsPlace {
  const job = variables.GITHUB_ACTIONS === 'true' || variables.ACTIONS_ID_TOKEN_REQUEST_URL;
  return {
    kind: 'aws',
    centralAccount: reader.read('ODMD_CENTRAL_ACCOUNT', "the id of the platform's account", accountProblem),
    centralRegion: reader.read('ODMD_CENTRAL_REGION', 'the home region of the platform', (value) =>
      /^[a-z]{2,4}(-[a-z]+)+-\d$/.test(value) ? undefined : 'is not a region such as us-west-1',
    ),
    ...(job && { job: gitHubJob(reader) }),
  };
}

function gitHubJob(reader: Reader): GitHubJob {
  const meaning = 'what GitHub gives a job to prove itself with';
  const permission = 'give the job the permission `id-token: write`, as the generated workflow does';
  return {
    account: reader.read('ODMD_ACCOUNT', 'the account that the job deploys into', accountProblem),
    tokenUrl: reader.read(
      'ACTIONS_ID_TOKEN_REQUEST_URL',
      meaning,
      (value) => (isHttpUrl(value) ? undefined : 'is not an http or https address'),
      permission,
    ),
    bearer: reader.read('ACTIONS_ID_TOKEN_REQUEST_TOKEN', meaning, headerProblem, permission),
  };
}

class Reader {
  readonly problems: Problem[] = [];
  private readonly variables: Variables;

  constructor(variables: Variables) {
    this.variables = variables;
  }

  /**
   * @param meaning shown for a missing variable
   * @param problem why this value cannot be used; never repeats it
   */
  read(
    variable: string,
    meaning: string,
    problem?: (value: string) => string | undefined,
    fix = BY_PLATFORM,
  ): string {
    const value = this.variables[variable] ?? '';
    const found = value === '' ? { message: `is not set; it is ${meaning}`, fix } : wrong(problem?.(value));
    if (found) this.problems.push({ code: 'ODMD501', where: variable, ...found });
    return value;
  }
}

function wrong(message: string | undefined): { message: string } | undefined {
  return message === undefined ? undefined : { message };
}

function accountProblem(value: string): string | undefined {
  return /^\d{12}$/.test(value) ? undefined : 'is not the id of an AWS account, 12 digits';
}

function headerProblem(value: string): string | undefined {
  return /^[\x21-\x7e]+$/.test(value) ? undefined : 'has white space or control characters';
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
