import { CdkEnver } from '../constructs/cdk-enver.js';
import { ContainerImageEnver } from '../constructs/container-image-enver.js';
import type { Enver } from '../constructs/enver.js';
import { ID_PATTERN, roleNames, stackName, workflowFile } from '../naming/index.js';
import { allEnvers, duplicates } from './helpers.js';
import type { Rule } from './rule.js';

const REPO_OWNER = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const REPO_NAME = /^(?!\.+$)(?!.*\.git$)[A-Za-z0-9._-]{1,100}$/i;

/** Names that become parts of paths, files and AWS names, and what is derived from them. */
export const derivedNameRules: readonly Rule[] = [
  {
    code: 'ODMD125',
    severity: 'error',
    title:
      'The names of accounts and repositories are made of letters, digits, _ and -, and start with no _ or -',
    *check(contracts) {
      const names = [
        ...Object.keys(contracts.accounts).map((name) => ['account', name] as const),
        ...Object.keys(contracts.repos).map((name) => ['repository', name] as const),
      ];
      for (const [kind, name] of names)
        if (!ID_PATTERN.test(name) || /^[_-]/.test(name))
          yield {
            where: `${kind} ${JSON.stringify(name)}`,
            message: 'the name is not legal',
            fix: 'use 1 to 64 letters, digits, `_` or `-`, a letter or digit first',
          };
    },
  },
  {
    code: 'ODMD126',
    severity: 'error',
    title: "A repository's owner and name are such as GitHub allows",
    *check(contracts) {
      for (const [key, { owner, name }] of Object.entries(contracts.repos)) {
        const where = `repository ${key}`;
        if (!REPO_OWNER.test(owner))
          yield {
            where,
            message: `the owner ${JSON.stringify(owner)} is not legal`,
            fix: 'give the owner alone, e.g. `coffee` of https://github.com/coffee/shop',
          };
        if (!REPO_NAME.test(name))
          yield {
            where,
            message: `the name ${JSON.stringify(name)} is not legal`,
            fix: 'give the name alone, without `.git`, e.g. `shop` of https://github.com/coffee/shop',
          };
      }
    },
  },
  {
    code: 'ODMD127',
    severity: 'error',
    title:
      'Names of stacks, roles, image repositories and workflow files are unique, also when case is ignored',
    *check(contracts) {
      // Envers of one id break rule ODMD106, builds of one id ODMD105: here they count once.
      const envers = new Map(allEnvers(contracts).map((enver) => [enver.id.toLowerCase(), enver]));
      const names: OwnName[] = [];
      const targets = new Set<string>();
      for (const enver of envers.values()) {
        const { build, kind, region, account } = enver;
        names.push(...namesOf(enver));
        const of = `build ${build.id} in ${account}, ${region}`;
        const target = `${of} ${kind}`.toLowerCase();
        if (targets.has(target)) continue;
        targets.add(target);
        const name = workflowFile({ build: build.id, kind, region, account });
        names.push({ kind: 'workflow file', name, of });
      }
      for (const group of duplicates(names, ({ kind, name }) => `${kind} ${name.toLowerCase()}`))
        yield {
          where: group.map(({ of }) => of).join(', '),
          message: `they share the ${group[0]?.kind} ${group[0]?.name}`,
          fix: 'rename a build or an account',
        };
    },
  },
];

interface OwnName {
  readonly kind: string;
  readonly name: string;
  /** Whose it is. */
  readonly of: string;
}

/** The names that are an enver's own, the default name of its stack included. */
function namesOf(enver: Enver): OwnName[] {
  const of = enver.id;
  const names: OwnName[] = [
    { kind: 'stack name', name: stackName(of), of },
    // Its other roles differ from this one in the end of the name only.
    { kind: 'role name', name: roleNames(of).build, of },
  ];
  if (enver instanceof CdkEnver) {
    // What differs in case only within an enver is told by rule ODMD130.
    const stacks = new Map(enver.stackNames.map((name) => [name.toLowerCase(), name]));
    stacks.delete(stackName(of).toLowerCase());
    for (const name of stacks.values()) names.push({ kind: 'stack name', name, of });
  }
  if (enver instanceof ContainerImageEnver)
    for (const { repository } of Object.values(enver.images))
      names.push({ kind: 'image repository', name: repository, of });
  return names;
}
