import { Duration } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { CentralPlace } from '../policy/enver.js';
import { CENTRAL, FUNCTIONS, type FunctionName } from './names.js';
import { PlatformFunction, type PlatformFunctionProps } from './platform-function.js';
import { platformStatements } from './statements.js';

/** How long one step of the platform may take. */
export const STEP = Duration.seconds(60);

export interface PlatformFunctionsProps {
  readonly central: CentralPlace;
  /** The bundled code of each function. */
  readonly code: (name: FunctionName) => Code;
  /** What all of them are told. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The functions of the platform, each with what it may do. Nothing makes them run yet. */
export function platformFunctions(
  scope: Construct,
  { central, code, environment }: PlatformFunctionsProps,
): Readonly<Record<FunctionName, PlatformFunction>> {
  const all = definitions(central);
  const made = FUNCTIONS.map((name) => [
    name,
    new PlatformFunction(scope, {
      name,
      code: code(name),
      environment,
      timeout: STEP,
      memory: 256,
      ...all[name],
    }),
  ]);
  return Object.fromEntries(made);
}

type Definition = Pick<PlatformFunctionProps, 'description' | 'statements'> & Partial<PlatformFunctionProps>;

function definitions(central: CentralPlace): Readonly<Record<FunctionName, Definition>> {
  const may = platformStatements(central);
  return {
    ingress: {
      description: 'Takes webhooks of GitHub: checks the signature, enqueues, answers',
      statements: [may.enqueue, may.readAppSecret],
    },
    intake: {
      description: 'Takes events of jobs and of CloudFormation: enqueues who may have to react',
      statements: [may.enqueue, may.readRecords, may.readManifests, may.findManifests],
    },
    reconciler: {
      description: 'Carries out hints: moves one enver, ref or the contracts on by a step',
      statements: [
        may.enqueue,
        may.keepRecords,
        may.readManifests,
        may.findManifests,
        may.writeEntries,
        may.readValues,
        may.writeDispatches,
        may.knowRepositories,
        may.removeValues,
        may.announce,
        may.alarm,
        may.askProvisioner,
        may.readAppSecret,
      ],
      memory: 512,
      // A hint leads to others: in a deep org to more than AWS takes for meant.
      callsItself: true,
    },
    provisioner: {
      description: 'Makes and removes what envers need in their accounts',
      statements: [may.becomeProvisioner],
      memory: 1_024,
      roleName: CENTRAL.provisionerRole,
    },
    schedule: {
      description: 'Looks after what is due, and repairs what lost events left undone',
      statements: [
        may.enqueue,
        may.readRecords,
        may.readManifests,
        may.findManifests,
        may.readValues,
        may.knowRepositories,
        may.readAppSecret,
      ],
      timeout: Duration.minutes(10),
      memory: 512,
    },
    api: {
      description: 'Answers odmd: says how things are, and does what somebody asks for',
      statements: [
        may.enqueue,
        may.countWork,
        may.keepRecords,
        may.readManifests,
        may.findManifests,
        may.readValues,
        may.knowRepositories,
        may.announce,
        may.readAppSecret,
      ],
      memory: 512,
    },
  };
}
