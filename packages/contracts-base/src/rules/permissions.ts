import type { Contracts } from '../constructs/contracts.js';
import type { Enver } from '../constructs/enver.js';
import type { IamStatementProps } from '../constructs/exec.js';
import { SecretProducer } from '../constructs/special-producers.js';
import { allEnvers } from './helpers.js';
import type { Rule } from './rule.js';

/** Services that could give an enver more than its contract does: their use is the platform's alone. */
const PLATFORM_SERVICES: ReadonlySet<string> = new Set([
  'iam',
  'sts',
  'organizations',
  'account',
  'sso',
  // The stacks of every enver in the account.
  'cloudformation',
]);
const ACTION = /^[a-z0-9-]+:[A-Za-z0-9*?]+$/;

/** What an enver may do and read, beyond its own. */
export const permissionRules: readonly Rule[] = [
  {
    code: 'ODMD134',
    severity: 'error',
    title: 'The services that may be deployed are prefixes of IAM actions, and none that grants rights',
    *check(contracts) {
      for (const enver of allEnvers(contracts))
        for (const service of enver.exec.services) {
          const where = `enver ${enver.id}`;
          if (!/^[a-z0-9-]+$/.test(service))
            yield {
              where,
              message: `${JSON.stringify(service)} is no service`,
              fix: 'write it as IAM actions begin, e.g. `dynamodb`',
            };
          else if (PLATFORM_SERVICES.has(service))
            yield {
              where,
              message: `the service ${service} may not be had as a whole`,
              fix: 'leave it out: roles and policies may be made anyhow, inside the boundary; for more, add statements',
            };
        }
    },
  },
  {
    code: 'ODMD135',
    severity: 'error',
    title:
      'A further IAM statement names its own resources by {enver}, or says that they are shared, and has actions and resources',
    *check(contracts) {
      for (const [enver, statement, where] of statements(contracts)) {
        if (statement.actions.length === 0 || statement.resources.length === 0)
          yield { where, message: 'it has no action or no resource', fix: 'give at least one of each' };
        for (const action of statement.actions)
          if (!ACTION.test(action))
            yield {
              where,
              message: `${JSON.stringify(action)} is no action`,
              fix: 'write it like `route53:ChangeResourceRecordSets`',
            };
        for (const resource of statement.resources) {
          const problem = resourceProblem(enver, statement, resource);
          if (problem) yield { where, ...problem };
        }
      }
    },
  },
  {
    code: 'ODMD136',
    severity: 'error',
    title: 'A secret is consumed in another account only when its resource policy lets that account read it',
    *check(contracts) {
      for (const enver of allEnvers(contracts))
        for (const { id, producer } of enver.consumers) {
          if (!(producer instanceof SecretProducer) || producer.enver.account === enver.account) continue;
          if (producer.readableFrom.includes(enver.account)) continue;
          yield {
            where: `consumer ${id} of ${enver.id}`,
            message: `it consumes the secret ${producer.path} of the account ${producer.enver.account} in ${enver.account}`,
            fix: `let that account read it (resource policy and key) and say so: \`readableFrom: ['${enver.account}']\` on the product`,
          };
        }
    },
  },
  {
    code: 'ODMD194',
    severity: 'warning',
    title: 'Clones do not get at shared resources unnoticed',
    *check(contracts) {
      for (const [enver, statement, where] of statements(contracts))
        if (statement.shared && enver.clones !== 'off' && enver.clones.max > 0)
          yield {
            where,
            message: `every clone of it may do the same to ${statement.resources.join(', ')}`,
            fix: "if they must not, say `clones: 'off'` or name a resource of its own by `{enver}`",
          };
    },
  },
];

function* statements(contracts: Contracts): Iterable<[Enver, IamStatementProps, string]> {
  for (const enver of allEnvers(contracts))
    for (const [at, statement] of enver.exec.statements.entries())
      yield [enver, statement, `IAM statement ${at + 1} of ${enver.id}`];
}

function resourceProblem(enver: Enver, statement: IamStatementProps, resource: string) {
  const [, partition, , , account = '', ...rest] = resource.split(':');
  if (resource !== '*' && !(resource.startsWith('arn:') && partition && rest.length > 0))
    return {
      message: `${JSON.stringify(resource)} is no ARN`,
      fix: 'write it in full, e.g. `arn:aws:s3:::{enver}-assets/*`',
    };
  const unknown = /\$\{enver\}|(?<!\$)\{(?!enver\})[^}]*\}/.exec(resource)?.[0];
  if (unknown !== undefined)
    return { message: `${resource} has ${unknown} in it`, fix: 'the only placeholder is `{enver}`' };
  if (statement.effect === 'Deny' || statement.shared || rest.join(':') === '*' || resource === '*')
    return undefined;
  const ownAccount = enver.build.contracts.accounts[enver.account]?.id;
  // Buckets, hosted zones and the like have no account in their ARN.
  const mayBeOwn = account === '' || account === '*' || account === ownAccount;
  if (!mayBeOwn) return undefined;
  if (/\{enver\}-*[*?]/.test(resource))
    return {
      message: `${resource} would match resources of other envers, whose names begin alike, clones of it among them`,
      fix: 'write more of the name, e.g. `{enver}-assets/*`, or say that others use it too: `shared: true`',
    };
  if (resource.includes('{enver}')) return undefined;
  return {
    message: `${resource} would be the same for every clone of it`,
    fix: 'name a resource of its own by `{enver}`, or say that others use it too: `shared: true`',
  };
}
