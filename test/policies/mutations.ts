import type { PolicyDocument, World } from './simulator.js';

type Statement = PolicyDocument['Statement'][number];

/** Policies in which one statement was changed. */
export interface Mutation {
  readonly name: string;
  /** The ids of the statements that are changed; of a statement without one, its action. */
  readonly statements: readonly string[];
  /** `undefined` takes the statement away. */
  readonly change: (statement: Statement) => Statement | undefined;
  /** Questions that have to come out otherwise then. */
  readonly breaks: readonly string[];
}

const gone = () => undefined;
const everywhere = (statement: Statement): Statement => ({ ...statement, Resource: '*' });
const unconditional = ({ Condition: _, ...statement }: Statement): Statement => statement;
const on = (Resource: string) => (statement: Statement) => ({ ...statement, Resource });

/** What would let somebody in who should be out, and what would lock out who should be in. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'a boundary that lets everybody be an administrator',
    statements: ['NoAdministrators'],
    change: gone,
    breaks: ['become an administrator', 'hand an administrator to CloudFormation'],
  },
  {
    name: 'a boundary without the denial of permissions',
    statements: ['NoPermissions'],
    change: gone,
    breaks: ['change a role of the platform', 'make a user', 'change the boundary'],
  },
  {
    name: 'a boundary without the denial of rules',
    statements: ['NoRuleOfThePlatform'],
    change: gone,
    breaks: ['silence the events of stacks'],
  },
  {
    name: 'a boundary without the denial of functions, which let the accounts of people in',
    statements: ['NoFunctionOfThePlatform'],
    change: gone,
    breaks: ['ask the platform, as people do'],
  },
  {
    name: 'a boundary without the denial of stacks',
    statements: ['NoStacks', 'NoStackOfThePlatform'],
    change: gone,
    breaks: [
      'let a stack go',
      'change a stack of the platform',
      'change what the platform made for an enver',
    ],
  },
  {
    name: 'roles of applications without the boundary',
    statements: ['MakeOwnRolesBelowBoundary', 'NoRoleWithoutBoundary'],
    change: unconditional,
    breaks: ['make a role for its application'],
  },
  {
    name: 'roles of applications anywhere',
    statements: ['MakeOwnRolesBelowBoundary'],
    change: everywhere,
    breaks: ['make a role for an application'],
  },
  {
    name: 'every product may be read',
    statements: ['ReadConsumedProducts'],
    change: everywhere,
    breaks: ['read a product', 'read what was dispatched'],
  },
  {
    name: 'every product below the build’s path may be written',
    statements: ['WriteOwnProducts'],
    change: on('arn:aws:ssm:us-west-1:111111111111:parameter/odmd-share/order-*'),
    breaks: ['write a product'],
  },
  {
    name: 'events of any source',
    statements: ['SayWhatHappened'],
    change: unconditional,
    breaks: ['speak as the enver', 'speak as somebody else'],
  },
  {
    name: 'stacks of any name',
    statements: ['FollowOwnStacks'],
    change: everywhere,
    breaks: ['let a stack go'],
  },
  {
    name: 'stacks by the job’s own permissions',
    statements: ['ChangeOwnStacks'],
    change: unconditional,
    breaks: ['change a stack by its own permissions'],
  },
  {
    name: 'any exec role may be passed',
    statements: ['PassOwnExecRole'],
    change: on('arn:aws:iam::444444444444:role/odmd/*'),
    breaks: ['pass the exec role'],
  },
  {
    name: 'assets of anybody',
    statements: ['OwnAssetsOnly'],
    change: gone,
    breaks: ['change what an enver is deployed from', 'read what an enver is deployed from'],
  },
  {
    name: 'assets that applications may write',
    statements: ['ApplicationsOnlyRead'],
    change: gone,
    breaks: ['change what an enver is deployed from'],
  },
  {
    name: 'a job that may go to any central role, which trusts its account',
    statements: ['GoToCentral', 'sts:AssumeRole'],
    change: (statement) => (statement.Principal ? unconditional(statement) : everywhere(statement)),
    breaks: ['become its central role'],
  },
  {
    name: 'roles that trust their whole account',
    statements: ['sts:AssumeRole'],
    change: unconditional,
    breaks: ['become its runtime role'],
  },
  {
    name: 'artifacts that the bucket keeps from other accounts',
    statements: ['PublishedArtifacts'],
    change: gone,
    breaks: ['read an artifact'],
  },
  {
    name: 'consumed products that may not be read',
    statements: ['ReadConsumedProducts'],
    change: gone,
    breaks: ['read a product that it consumes'],
  },
  {
    name: 'own products that may not be written',
    statements: ['WriteOwnProducts'],
    change: gone,
    breaks: ['write a product', 'say that it is deployed'],
  },
];

/** The world with the mutation in every policy. @throws Error nothing was changed by it */
export function mutate(world: World, { name, statements, change }: Mutation): World {
  const changed = new Set<string>();
  const policies = Object.entries(world.policies).map(([policy, document]) => {
    const all = document.Statement.flatMap((statement) => {
      const id = String(statement.Sid ?? statement.Action);
      if (!statements.includes(id)) return [statement];
      changed.add(id);
      return change(statement) ?? [];
    });
    return [policy, { Statement: all }];
  });
  if (changed.size < statements.length) throw new Error(`mutation ${name}: no policy has what it changes`);
  return { ...world, policies: Object.fromEntries(policies) };
}
