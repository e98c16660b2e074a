import { rmSync } from 'node:fs';
import { App } from 'aws-cdk-lib/core';
import { EnverCentralStack } from './enver-central-stack.js';
import { EnverStack, type EnverStackProps } from './enver-stack.js';
import type { PlatformStack } from './platform-stack.js';

/** A CloudFormation template with the place where it belongs. */
export interface Template {
  readonly stackName: string;
  readonly account: string;
  readonly region: string;
  /** Canonical enough to compare: the JSON that the CDK writes. */
  readonly body: string;
}

/** The stacks of an enver as the provisioner applies them: the same bytes as `cdk synth` writes. */
export function enverTemplates(props: EnverStackProps): {
  readonly own: Template;
  readonly central: Template;
} {
  const app = new App({ analyticsReporting: false });
  const own = new EnverStack(app, 'Enver', props);
  const central = new EnverCentralStack(app, 'EnverCentral', props);
  const assembly = app.synth();
  const template = (stack: PlatformStack): Template => ({
    stackName: stack.stackName,
    account: stack.account,
    region: stack.region,
    body: JSON.stringify(assembly.getStackArtifact(stack.artifactId).template),
  });
  const templates = { own: template(own), central: template(central) };
  // A function of the platform makes many before it ends, and has little room for files.
  rmSync(assembly.directory, { recursive: true, force: true });
  return templates;
}
