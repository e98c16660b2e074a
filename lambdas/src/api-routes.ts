import { fullRef, OdmdError, repoName } from '@ondemandenv/contracts-base';
import {
  type ControlPlane,
  detailedEnver,
  platformStatus,
  requestSchemas,
  type StatusSources,
  type UnprotectedEnver,
} from '@ondemandenv/control-plane';
import type { LambdaFunctionURLEventWithIAMAuthorizer } from 'aws-lambda';
import { z } from 'zod';
import type { Caller } from './api-caller.js';
import { parseJson } from './parse-json.js';
import type { CloudPlatform } from './platform.js';

type Request = Pick<
  LambdaFunctionURLEventWithIAMAuthorizer,
  'rawPath' | 'requestContext' | 'queryStringParameters' | 'body' | 'isBase64Encoded'
>;

export interface ApiParts extends StatusSources, Pick<CloudPlatform, 'unprotected'> {
  readonly controlPlane: StatusSources['controlPlane'] &
    Pick<ControlPlane, 'applyContracts' | 'command' | 'decide' | 'deploy' | 'retire'>;
  /** Whether somebody may do what is for those alone who run the platform. */
  readonly runsPlatform: (caller: Caller) => boolean;
  /** Whether hints wait in the queue. */
  readonly queued: () => Promise<boolean>;
}

const MAX_BODY = 64 * 1024;

/** Does what a request asks for. @returns the body of the answer @throws OdmdError ODMD860 · ODMD865 · ODMD866 · ODMD867 */
export async function route(parts: ApiParts, request: Request, caller: Caller): Promise<object> {
  const { controlPlane } = parts;
  const { method } = request.requestContext.http;
  switch (`${method} ${request.rawPath}`) {
    case 'GET /api/status': {
      const enver = request.queryStringParameters?.enver;
      return enver === undefined ? platformStatus(parts, await parts.queued()) : oneEnver(parts, enver);
    }
    case 'GET /api/unprotected':
      return { envers: await unprotectedEnvers(parts, request.queryStringParameters?.repo ?? '') };
    case 'POST /api/deploy': {
      const { enver } = bodyOf(request, requestSchemas.deploy);
      const at = new Date(parts.clock.now()).toISOString();
      await controlPlane.deploy(enver, `odmd deploy by ${caller.text} at ${at}`);
      return {};
    }
    case 'POST /api/retire': {
      const { enver } = bodyOf(request, requestSchemas.retire);
      await controlPlane.retire(enver, caller.text);
      return {};
    }
    case 'POST /api/decide': {
      const decision = bodyOf(request, requestSchemas.decide);
      await controlPlane.decide({ ...decision, by: roleOf(caller) });
      return {};
    }
    case 'POST /api/sync': {
      const { sha } = bodyOf(request, requestSchemas.sync);
      if (!parts.runsPlatform(caller))
        throw new OdmdError('ODMD860', `${caller.text} may not have contracts applied that do not follow`, {
          fix: 'ask somebody who runs the platform: with a role of its account, or an approver of contracts',
        });
      await controlPlane.applyContracts({ sha, force: true, by: caller.text });
      return {};
    }
    case 'POST /api/command': {
      const { repo, ref, line } = bodyOf(request, requestSchemas.command);
      return { answers: await controlPlane.command(repo, ref, line, caller.text) };
    }
    default:
      throw new OdmdError('ODMD866', 'there is nothing at this address', {
        where: `${method} ${request.rawPath}`,
        fix: 'use the same release of `odmd` as of the platform',
      });
  }
}

async function oneEnver(parts: ApiParts, id: string): Promise<object> {
  const record = await parts.records.get('enver', id);
  if (record) return detailedEnver(parts, record);
  throw new OdmdError('ODMD866', 'there is no such enver', {
    where: id,
    fix: 'use one that `odmd status` lists',
  });
}

/**
 * The envers that the contracts declare for a repository and that people with write access to it can change alone. One
 * repository at a time: it costs requests of GitHub for each ref.
 */
async function unprotectedEnvers(parts: ApiParts, repo: string): Promise<UnprotectedEnver[]> {
  const { envers = {} } = (await parts.controlPlane.manifest()) ?? {};
  const declared = Object.values(envers).filter((entry) => repoName(entry.repo) === repo);
  const found = await parts.unprotected(declared.map(({ revision }) => ({ repo, revision })));
  const gapsOf = new Map(found.map(({ revision, gaps }) => [fullRef(revision), gaps]));
  return declared.flatMap(({ id, revision }) => {
    const ref = fullRef(revision);
    const gaps = gapsOf.get(ref);
    return gaps === undefined ? [] : [{ enver: id, repo, ref, gaps }];
  });
}

/** Approvals are given by roles: a user, or the root of an account, is never one of the approvers. */
function roleOf({ account, role, text }: Caller): { account: string; role: string } {
  if (role !== undefined) return { account, role };
  throw new OdmdError('ODMD867', `${text} is not a role, and approvals are given by roles`, {
    fix: 'take on the role that the contracts name as an approver',
  });
}

function bodyOf<S extends z.ZodType>({ body = '', isBase64Encoded }: Request, schema: S): z.output<S> {
  const text = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8').toString();
  const read = schema.safeParse(text.length <= MAX_BODY ? parseJson(text) : undefined);
  if (read.success) return read.data;
  throw new OdmdError('ODMD865', 'the request was not understood', {
    where: z.prettifyError(read.error).replaceAll('\n', ' '),
    fix: 'use the same release of `odmd` as of the platform',
  });
}
