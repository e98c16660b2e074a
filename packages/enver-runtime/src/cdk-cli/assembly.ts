import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type EnverEntry, OdmdError } from '@ondemandenv/contracts-base';
import { z } from 'zod';
import { type Problem, ProblemsError } from '../errors.js';
import { outputId } from '../output-id.js';

const artifactSchema = z.object({
  type: z.string(),
  environment: z.string().optional(),
  displayName: z.string().optional(),
  properties: z
    .object({
      stackName: z.string().optional(),
      templateFile: z.string().optional(),
      assumeRoleArn: z.string().optional(),
    })
    .optional(),
});
const assemblySchema = z.object({ artifacts: z.record(z.string(), artifactSchema).default({}) });
const templateSchema = z.object({ Outputs: z.record(z.string(), z.unknown()).default({}) });

/** A stack that an app has synthesised. */
export interface SynthesisedStack {
  /** Name in CloudFormation. */
  readonly name: string;
  /** How the CDK CLI selects it. */
  readonly selector: string;
}

interface Found extends SynthesisedStack {
  readonly environment: string;
  readonly assumesRole: boolean;
  readonly template: string;
}

const STACK = 'aws:cloudformation:stack';
const STAGE = 'cdk:cloud-assembly';

/**
 * Holds what an app synthesised against its enver's contract: its stacks and no others, in its account and region,
 * deployed with its own roles, with an output for each of its products.
 *
 * @param folder the cloud assembly
 * @returns the stacks in the order of the contract
 * @throws ProblemsError ODMD562 with everything that is wrong
 */
export async function checkAssembly(folder: string, entry: EnverEntry): Promise<SynthesisedStack[]> {
  const { stacks, stages } = await readAssembly(folder);
  const problems = [
    ...stages.map((name) =>
      problem(`stage ${name}`, 'the contract has no stages', 'make its stacks in the app itself'),
    ),
    ...stacks.filter(({ name }) => !entry.stacks.includes(name)).map((stack) => unexpected(stack, entry)),
    ...entry.stacks.filter((name) => !stacks.some((stack) => stack.name === name)).map(missing),
    ...stacks.flatMap((stack) => misplaced(stack, entry)),
  ];
  // Without one of the stacks, products are missing for no other reason.
  if (problems.length === 0) problems.push(...(await withoutOutput(folder, stacks, entry)));
  if (problems.length > 0)
    throw new ProblemsError('ODMD562', 'the app does not make what the contract says:', entry.id, problems);
  return entry.stacks.flatMap((name) => stacks.find((stack) => stack.name === name) ?? []);
}

async function readAssembly(folder: string): Promise<{ stacks: Found[]; stages: string[] }> {
  const { artifacts } = await readJson(join(folder, 'manifest.json'), assemblySchema);
  const all = Object.entries(artifacts);
  return {
    stages: all.flatMap(([id, { type, displayName }]) => (type === STAGE ? [displayName ?? id] : [])),
    stacks: all.flatMap(([id, { type, environment = '', displayName, properties = {} }]) =>
      type !== STACK
        ? []
        : [
            {
              name: properties.stackName ?? id,
              selector: displayName?.split(' ')[0] ?? id,
              environment,
              assumesRole: properties.assumeRoleArn !== undefined,
              template: properties.templateFile ?? '',
            },
          ],
    ),
  };
}

function unexpected({ name }: Found, { stacks }: EnverEntry): Problem {
  const fix = `remove it, or declare it in the \`stacks\` of the contract, which has: ${stacks.join(', ')}`;
  return problem(`stack ${name}`, 'the contract has no such stack', fix);
}

function missing(name: string): Problem {
  return problem(`stack ${name}`, 'the app does not make it', 'make it, or remove it from the contract');
}

function misplaced({ name, environment, assumesRole }: Found, { account, region }: EnverEntry): Problem[] {
  const where = `stack ${name}`;
  const expected = `aws://${account.id}/${region}`;
  const place = problem(where, `it is for ${environment}, the contract says ${expected}`, 'use EnverStack');
  const roles = problem(
    where,
    'it is deployed through roles of the CDK bootstrap, which no enver may assume',
    'use EnverStack, or CliCredentialsStackSynthesizer with the artifact bucket',
  );
  return [...(environment === expected ? [] : [place]), ...(assumesRole ? [roles] : [])];
}

async function withoutOutput(
  folder: string,
  stacks: readonly Found[],
  entry: EnverEntry,
): Promise<Problem[]> {
  const templates = stacks.map(({ template }) => readJson(join(folder, template), templateSchema));
  const outputs = new Set((await Promise.all(templates)).flatMap(({ Outputs }) => Object.keys(Outputs)));
  return entry.products
    .filter(({ name }) => !outputs.has(outputId(name)))
    .map(({ name }) =>
      problem(
        `product ${name}`,
        'no stack has an output for it',
        `call \`output\` of an EnverStack, or add the output ${outputId(name)}`,
      ),
    );
}

function problem(where: string, message: string, fix: string): Problem {
  return { code: 'ODMD562', where, message, fix };
}

async function readJson<S extends z.ZodType>(file: string, schema: S): Promise<z.output<S>> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new OdmdError('ODMD563', 'the CDK app wrote nothing that can be deployed', {
      where: file,
      fix: 'run `cdk synth` by hand; use the release of aws-cdk that belongs to aws-cdk-lib',
      cause,
    });
  }
}
