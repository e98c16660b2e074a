// Deployments start this many times over, so it loads nothing that it does not need: the errors come when one occurs.

export interface ServiceStart {
  readonly name: string;
  /** The folder of its program. */
  readonly cwd: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Path that answers 2xx when the service is ready. */
  readonly health?: string;
}

export interface StartedService {
  readonly name: string;
  readonly url: string;
  readonly port: number;
}

/**
 * The services of the enver whose job this is.
 * Errors: the platform's own code, or ODMD720 not in a job · ODMD721 no answer · ODMD722 not understood.
 */
export class JobServices {
  private constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  /** From the environment that the platform gives a job. @throws OdmdError ODMD720 */
  static async ofJob(env: Readonly<Record<string, string | undefined>>): Promise<JobServices> {
    const { ODMD_PLATFORM_URL: url, ODMD_JOB_TOKEN: token } = env;
    if (url && token) return new JobServices(url, token);
    throw await failure(
      'ODMD720',
      'services belong to envers: only the job of an enver can start or stop them',
      'ODMD_PLATFORM_URL, ODMD_JOB_TOKEN',
      'use this command in the deploy commands of an enver of the contracts',
    );
  }

  /** Starts or replaces a service; resolves when it is ready. */
  async start(service: ServiceStart): Promise<StartedService> {
    const { name, url, port } = await this.call('POST', service);
    if (typeof name === 'string' && typeof url === 'string' && typeof port === 'number')
      return { name, url, port };
    throw await this.notUnderstood();
  }

  /** Stops one service, or without a name every service of the enver; gives the names of those it stopped. */
  async stop(name?: string): Promise<readonly string[]> {
    const { stopped } = await this.call('DELETE', { name });
    if (Array.isArray(stopped)) return stopped.map(String);
    throw await this.notUnderstood();
  }

  private async call(method: 'POST' | 'DELETE', body: object): Promise<Record<string, unknown>> {
    const response = await fetch(this.endpoint, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).catch(async (cause: unknown) => {
      const fix = 'the platform has stopped: start it again, it will run this job anew';
      throw await failure('ODMD721', 'the platform does not answer', this.endpoint, fix, cause);
    });
    const answer = objectOf(await response.text());
    if (!answer) throw await this.notUnderstood();
    if (response.ok) return answer;
    const { code, message, where, fix } = answer;
    if (typeof code !== 'string' || typeof message !== 'string') throw await this.notUnderstood();
    throw await failure(code, message, textOf(where), textOf(fix));
  }

  private get endpoint(): string {
    return `${this.url}/runtime/services`;
  }

  private notUnderstood(): Promise<Error> {
    const fix = 'use releases of the platform and of odmd that belong together';
    return failure('ODMD722', "the platform's answer was not understood", this.endpoint, fix);
  }
}

async function failure(
  code: string,
  message: string,
  where?: string,
  fix?: string,
  cause?: unknown,
): Promise<Error> {
  const { OdmdError } = await import('@ondemandenv/contracts-base');
  return new OdmdError(code, message, { ...(where && { where }), ...(fix && { fix }), cause });
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
