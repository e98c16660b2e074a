import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the fake answers. Templates are by the names of their stacks. */
export interface FakeCdk {
  readonly artifacts: Readonly<Record<string, object>>;
  readonly templates: Readonly<Record<string, object>>;
  /** By stack: its outputs. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** By command line: the exit code, when it is another than 0. */
  readonly codes?: Readonly<Record<string, number>>;
}

/**
 * A CDK CLI that writes down how it is called. It is the stock one as far as `odmd-enver` uses it: `synth` writes a
 * cloud assembly, `deploy` prints the outputs of the stack, after their heading, and writes them into a file.
 */
const SCRIPT = `
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const [command, ...args] = process.argv.slice(2);
const fake = JSON.parse(readFileSync('fake-cdk.json', 'utf8'));
const option = (name) => args[args.indexOf(name) + 1];
const input = process.env.ODMD_INPUT_BUS;
appendFileSync('cdk-calls', JSON.stringify({ command, args, input }) + '\\n');
console.error('cdk ' + command + ' at work');
if (command === 'synth') {
  const folder = option('--output');
  mkdirSync(folder);
  writeFileSync(folder + '/manifest.json', JSON.stringify({ version: '36.0.0', artifacts: fake.artifacts }));
  for (const [name, template] of Object.entries(fake.templates))
    writeFileSync(folder + '/' + name + '.template.json', JSON.stringify(template));
}
const outputs = fake.outputs[args[0]];
if (command === 'deploy' && outputs) {
  console.error('\\x1b[32mOutputs:\\x1b[39m');
  for (const [id, value] of Object.entries(outputs)) console.error(args[0] + '.' + id + ' = ' + value);
  console.log('Stack ARN: arn');
  writeFileSync(option('--outputs-file'), JSON.stringify({ [args[0]]: outputs }));
}
process.exitCode = fake.codes?.[command + ' ' + args[0]] ?? 0;
`;

/** Installs the fake as a dependency of the service in a folder. */
export async function installFakeCdk(folder: string, fake: FakeCdk): Promise<void> {
  const home = join(folder, 'node_modules/aws-cdk');
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'package.json'), JSON.stringify({ type: 'module', bin: { cdk: 'cdk.js' } }));
  await writeFile(join(home, 'cdk.js'), SCRIPT);
  await writeFile(join(folder, 'cdk.json'), '{"app": "node app.js"}');
  await writeFile(join(folder, 'fake-cdk.json'), JSON.stringify(fake));
}

export interface CdkCall {
  readonly command: string;
  readonly args: readonly string[];
  /** The input `bus` in its environment. */
  readonly input?: string;
}

export async function cdkCalls(folder: string): Promise<CdkCall[]> {
  const text = await readFile(join(folder, 'cdk-calls'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as CdkCall);
}
