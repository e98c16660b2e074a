import { type Problem, ProblemsError } from './errors.js';

/** What the platform tells a job, from its environment variables. */
export interface JobEnvironment {
  /** Id of the enver that the job works for, `ODMD_ENVER`. */
  readonly enver: string;
  /** Id of the dispatch that started the job, `ODMD_DISPATCH`. */
  readonly dispatch: string;
  /** `ODMD_PLATFORM_URL`, without a slash at its end. */
  readonly platformUrl: string;
  /** Bearer token of this job, `ODMD_JOB_TOKEN`. */
  readonly token: string;
  /** Absolute path of the file that collects outputs, `ODMD_OUTPUT`. */
  readonly outputFile: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

interface Rule {
  readonly key: keyof JobEnvironment;
  readonly variable: string;
  /** Shown for a missing variable. */
  readonly meaning: string;
  /** Why this value cannot be used; never repeats it. */
  problem(value: string): string | undefined;
}

const ENVER = /^[A-Za-z0-9_-]+\/[bt]\.\.[A-Za-z0-9_.-]+$/;

const RULES: readonly Rule[] = [
  {
    key: 'enver',
    variable: 'ODMD_ENVER',
    meaning: 'the id of the enver',
    problem: (value) => (ENVER.test(value) ? undefined : 'is not an enver id such as order-manager/b..main'),
  },
  {
    key: 'dispatch',
    variable: 'ODMD_DISPATCH',
    meaning: 'the id of the dispatch',
    problem: () => undefined,
  },
  {
    key: 'platformUrl',
    variable: 'ODMD_PLATFORM_URL',
    meaning: 'the address of the platform',
    problem: (value) => (isHttpUrl(value) ? undefined : 'is not an http or https address'),
  },
  {
    key: 'token',
    variable: 'ODMD_JOB_TOKEN',
    meaning: "the job's token",
    // fetch repeats an illegal header value in its error; this is found out before.
    problem: (value) => (/^[\x21-\x7e]+$/.test(value) ? undefined : 'has white space or control characters'),
  },
  {
    key: 'outputFile',
    variable: 'ODMD_OUTPUT',
    meaning: 'the file that collects outputs',
    problem: (value) => (value.startsWith('/') ? undefined : 'is not an absolute path'),
  },
];

/**
 * Reads the job's environment and reports everything that is wrong with it together.
 *
 * @throws ProblemsError ODMD501
 */
export function readEnvironment(variables: Variables): JobEnvironment {
  const problems = RULES.flatMap((rule) => problemOf(rule, variables[rule.variable]));
  if (problems.length > 0)
    throw new ProblemsError('ODMD501', 'this is not a complete job environment:', undefined, problems);
  const read = (key: keyof JobEnvironment): string =>
    variables[RULES.find((rule) => rule.key === key)?.variable ?? ''] ?? '';
  return {
    enver: read('enver'),
    dispatch: read('dispatch'),
    platformUrl: read('platformUrl').replace(/\/+$/, ''),
    token: read('token'),
    outputFile: read('outputFile'),
  };
}

function problemOf(rule: Rule, value: string | undefined): Problem[] {
  const where = rule.variable;
  if (value === undefined || value === '')
    return [
      {
        code: 'ODMD501',
        where,
        message: `is not set; it is ${rule.meaning}`,
        fix: 'run this as a step of a job: the platform sets it',
      },
    ];
  const message = rule.problem(value);
  return message === undefined ? [] : [{ code: 'ODMD501', where, message }];
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
