import {
  CreateOpenIDConnectProviderCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandOutput,
  AssumeRoleWithWebIdentityCommand,
  type AssumeRoleWithWebIdentityCommandOutput,
  STSClient,
} from '@aws-sdk/client-sts';
import type { Credentials, Emulator } from './emulator.js';
import { GITHUB_ISSUER } from './token-issuer.js';

/** A statement of a policy, as IAM reads it. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: Readonly<Record<string, string>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface NewRole {
  readonly name: string;
  /** @default '/' */
  readonly path?: string;
  readonly trust: Statement;
  /** @default none: the role may do nothing */
  readonly may?: readonly Statement[];
  /** ARN of a policy. */
  readonly boundary?: string;
}

export function allow(
  Action: string | readonly string[],
  Resource: string | readonly string[] = '*',
  Condition?: Statement['Condition'],
): Statement {
  return { Effect: 'Allow', Action, Resource, ...(Condition && { Condition }) };
}

/** Trust in an account, and with conditions in some of it. */
export function trustAccount(account: string, Condition?: Statement['Condition']): Statement {
  return trust('sts:AssumeRole', { AWS: `arn:aws:iam::${account}:root` }, Condition);
}

export function trustService(service: string): Statement {
  return trust('sts:AssumeRole', { Service: `${service}.amazonaws.com` });
}

/** Trust in GitHub's jobs of which these claims hold, each written without the issuer's name. */
export function trustJobs(account: string, claims: Readonly<Record<string, string | string[]>>): Statement {
  const host = new URL(GITHUB_ISSUER).host;
  const keys = Object.entries(claims).map(([name, value]) => [`${host}:${name}`, value]);
  const provider = `arn:aws:iam::${account}:oidc-provider/${host}`;
  return trust(
    'sts:AssumeRoleWithWebIdentity',
    { Federated: provider },
    { StringEquals: Object.fromEntries(keys) },
  );
}

function trust(
  Action: string,
  Principal: Readonly<Record<string, string>>,
  Condition?: Statement['Condition'],
): Statement {
  return { Effect: 'Allow', Action, Principal, ...(Condition && { Condition }) };
}

export function document(...Statement: readonly Statement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

/** Makes a role as the root user of an account; returns its ARN. */
export async function makeRole(emulator: Emulator, account: string, role: NewRole): Promise<string> {
  const iam = new IAMClient(emulator.clientFor(account));
  const made = await iam.send(
    new CreateRoleCommand({
      RoleName: role.name,
      Path: role.path ?? '/',
      AssumeRolePolicyDocument: document(role.trust),
      ...(role.boundary && { PermissionsBoundary: role.boundary }),
    }),
  );
  if (role.may?.length)
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: role.name,
        PolicyName: 'may',
        PolicyDocument: document(...role.may),
      }),
    );
  return made.Role?.Arn ?? '';
}

/** Makes a policy that roles can have as their boundary; returns its ARN. */
export async function makePolicy(
  emulator: Emulator,
  account: string,
  name: string,
  ...statements: readonly Statement[]
): Promise<string> {
  const iam = new IAMClient(emulator.clientFor(account));
  const made = await iam.send(
    new CreatePolicyCommand({ PolicyName: name, PolicyDocument: document(...statements) }),
  );
  return made.Policy?.Arn ?? '';
}

/** Lets an account know GitHub's issuer. */
export async function trustGitHub(emulator: Emulator, account: string): Promise<void> {
  const iam = new IAMClient(emulator.clientFor(account));
  await iam.send(
    new CreateOpenIDConnectProviderCommand({ Url: GITHUB_ISSUER, ClientIDList: ['sts.amazonaws.com'] }),
  );
}

export async function assume(emulator: Emulator, role: string, as: Credentials): Promise<Credentials> {
  const sts = new STSClient(emulator.clientWith(as));
  return credentials(await sts.send(new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'test' })));
}

export async function assumeAsJob(emulator: Emulator, role: string, token: string): Promise<Credentials> {
  const sts = new STSClient(emulator.clientFor('000000000000'));
  const command = new AssumeRoleWithWebIdentityCommand({
    RoleArn: role,
    RoleSessionName: 'test',
    WebIdentityToken: token,
  });
  return credentials(await sts.send(command));
}

function credentials(answer: AssumeRoleCommandOutput | AssumeRoleWithWebIdentityCommandOutput): Credentials {
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = answer.Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/** Root of an account, who may assume what trusts the account. */
export function root(account: string): Credentials {
  return { accessKeyId: account, secretAccessKey: 'root' };
}
