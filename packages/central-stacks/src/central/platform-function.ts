import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type Code,
  Function as LambdaFunction,
  LoggingFormat,
  RecursiveLoop,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { inlinePolicy, type Statement } from '../policy/statement.js';
import { explainWildcards } from '../policy/wildcards.js';
import { type FunctionName, functionName } from './names.js';

export interface PlatformFunctionProps {
  readonly name: FunctionName;
  readonly description: string;
  readonly code: Code;
  readonly environment: Readonly<Record<string, string>>;
  readonly statements: readonly Statement[];
  readonly timeout: Duration;
  /** In megabytes. */
  readonly memory: number;
  /**
   * A name for its role, where others have to name it.
   * @default one that CloudFormation makes
   */
  readonly roleName?: string;
  /**
   * What it enqueues comes back to it. AWS stops that after 16 times, unless it is meant.
   * @default false
   */
  readonly callsItself?: boolean;
}

/** One function of the platform, with a role of its own that may do what its statements say and write its log. */
export class PlatformFunction extends LambdaFunction {
  constructor(scope: Construct, props: PlatformFunctionProps) {
    const { name, description, code, environment, statements, timeout, memory, roleName, callsItself } =
      props;
    const id = `${name[0]?.toUpperCase()}${name.slice(1)}`;
    const logGroup = new LogGroup(scope, `${id}Log`, {
      logGroupName: `/odmd/${name}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const policies: Record<string, PolicyDocument> = {};
    if (statements.length > 0) policies[name] = inlinePolicy(statements, functionName(name));
    const role = new Role(scope, `${id}Role`, {
      ...(roleName && { roleName }),
      description: `The platform's ${name}`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: policies,
    });
    logGroup.grantWrite(role);
    explainWildcards(role, statements);
    super(scope, id, {
      functionName: functionName(name),
      description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code,
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      timeout,
      ...(callsItself && { recursiveLoop: RecursiveLoop.ALLOW }),
      memorySize: memory,
      environment: { ...environment, NODE_OPTIONS: '--enable-source-maps', CDK_VALIDATION: 'false' },
    });
  }
}
