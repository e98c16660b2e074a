import {
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { DescribeImagesCommand, PutImageCommand } from '@aws-sdk/client-ecr';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { GetParametersCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import {
  artifactBucket,
  assetPrefix,
  deployedStatePath,
  dispatchStatePath,
  type EnverEntry,
  entryObject,
  eventSource,
} from '@ondemandenv/contracts-base';
import { type Attempt, become, manifests, roleOf, speakAs, TEMPLATE } from './attempts.js';
import type { Clients } from './clients.js';
import type { JobIdentity } from './job-identity.js';
import type { Landscape } from './landscape.js';

/** What an enver's job may try on an enver: on its own all of it is allowed, on another's none. */
export function attemptsOn(
  land: Landscape,
  identity: JobIdentity,
  own: EnverEntry,
  target: EnverEntry,
): Attempt[] {
  const { build, central } = identity;
  return [
    ...values(central, own, target),
    [`speak as ${target.id}`, () => speakAs(land, central, eventSource(target.id))],
    [
      `read the entry of ${target.id}`,
      () => central.s3.send(new GetObjectCommand({ Bucket: manifests(land), Key: entryObject(target.id) })),
    ],
    ...files(build, own, target),
    ...images(build, target),
    ...target.stacks.map(
      (StackName): Attempt => [
        `look at the stack ${StackName}`,
        () => build.in(target.region).cloudFormation.send(new DescribeStacksCommand({ StackName })),
      ],
    ),
    become(build, roleOf(target, 'central', land.central.account)),
    ...(own.id === target.id ? [] : onlyItsOwn(land, identity, own, target)),
  ];
}

/** Products and state. What another produces and this one consumes is no business of this list. */
function values({ ssm }: Clients, own: EnverEntry, target: EnverEntry): Attempt[] {
  const consumed = new Set(own.id === target.id ? [] : own.consumes.map(({ path }) => path));
  const read = async (path: string) => {
    const { Parameters = [] } = await ssm.send(new GetParametersCommand({ Names: [path] }));
    return Parameters[0]?.Value;
  };
  const written = [...target.products.map(({ path }) => path), deployedStatePath(target.id)];
  const paths = [...written, dispatchStatePath(target.id)].filter((path) => !consumed.has(path));
  return [
    ...paths.map((path): Attempt => [`read ${path}`, () => read(path)]),
    ...written.map(
      (Name): Attempt => [
        `write ${Name}`,
        async () => {
          // What is there already, so that nothing comes of it.
          const Value = (own.id === target.id ? await read(Name) : undefined) ?? '"x"';
          await ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));
        },
      ],
    ),
  ];
}

/** What envers are deployed from, in the bucket of their own account and region, and in that of whoever asks. */
function files(build: Clients, own: EnverEntry, target: EnverEntry): Attempt[] {
  const buckets = [own, target].map(({ account, region }) => ({
    region,
    Bucket: artifactBucket(account.id, region),
  }));
  const different = buckets.filter(
    ({ Bucket }, index) => buckets.findIndex((one) => one.Bucket === Bucket) === index,
  );
  const Key = `${assetPrefix(target.id)}x`;
  return different.flatMap(({ region, Bucket }): Attempt[] => {
    const { s3 } = build.in(region);
    const Prefix = assetPrefix(target.id);
    return [
      [
        `upload for ${target.id} into ${Bucket}`,
        () => s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' })),
      ],
      [
        `list what ${target.id} has in ${Bucket}`,
        () => s3.send(new ListObjectsV2Command({ Bucket, Prefix })),
      ],
    ];
  });
}

function images(build: Clients, { id, region, account, images: all }: EnverEntry): Attempt[] {
  const { ecr } = build.in(region);
  return all.flatMap(({ repository }): Attempt[] => {
    const at = { registryId: account.id, repositoryName: repository };
    return [
      [`look at the images of ${id}`, () => ecr.send(new DescribeImagesCommand(at))],
      [
        `push an image of ${id}`,
        () => ecr.send(new PutImageCommand({ ...at, imageManifest: '{}', imageTag: `try-${Math.random()}` })),
      ],
    ];
  });
}

/** What is for another's job alone, or for nobody's, and would be undone if the enver tried it on itself. */
function onlyItsOwn(land: Landscape, { build }: JobIdentity, own: EnverEntry, target: EnverEntry): Attempt[] {
  const { cloudFormation } = build.in(target.region);
  const { cloudFormation: atHome } = build;
  const execRole = (of: EnverEntry) => (of.stacks.length > 0 ? roleOf(of, 'exec') : undefined);
  const roles = [undefined, execRole(own), execRole(target)].filter(
    (role, index, all) => all.indexOf(role) === index,
  );
  const by = (RoleARN: string | undefined) => ({ TemplateBody: TEMPLATE, ...(RoleARN && { RoleARN }) });
  const theirs = execRole(target);
  return [
    become(build, roleOf(target, 'build')),
    ...(theirs === undefined ? [] : [become(build, theirs)]),
    ...(target.runtimeGrants.length > 0
      ? [
          become(build, roleOf(target, 'runtime')),
          become(build, roleOf(target, 'runtime', land.central.account)),
        ]
      : []),
    ...(theirs === undefined
      ? []
      : own.stacks.map(
          (StackName): Attempt => [
            `make the own stack ${StackName} by ${theirs}`,
            () => atHome.send(new CreateStackCommand({ StackName, ...by(theirs) })),
          ],
        )),
    ...target.stacks.flatMap((StackName): Attempt[] => [
      ...roles.flatMap((role): Attempt[] => {
        const how = role === undefined ? '' : ` by ${role}`;
        const asked = { StackName, ...by(role) };
        return [
          [`make the stack ${StackName}${how}`, () => cloudFormation.send(new CreateStackCommand(asked))],
          [`change the stack ${StackName}${how}`, () => cloudFormation.send(new UpdateStackCommand(asked))],
          [
            `plan a change of the stack ${StackName}${how}`,
            () => cloudFormation.send(new CreateChangeSetCommand({ ...asked, ChangeSetName: 'x' })),
          ],
        ];
      }),
      [`delete the stack ${StackName}`, () => cloudFormation.send(new DeleteStackCommand({ StackName }))],
    ]),
  ];
}
