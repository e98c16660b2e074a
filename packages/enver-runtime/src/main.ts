#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import type { Resolved } from './commands/resolve.js';
import type { JobContext } from './context.js';
import type { JobEnvironment } from './environment.js';
import type { EnverPlatform } from './platform.js';

// Everything but the command line itself is loaded when a command runs: `--help` has to be quick.

const program = new Command('odmd-enver')
  .description('What a job of an enver runs: resolve its inputs, run its commands, publish its products.')
  .version(packageVersion())
  .enablePositionalOptions()
  .exitOverride()
  .addHelpText(
    'after',
    `
A deployment is three steps, a teardown one, each a process of its own:
  $ odmd-enver resolve
  $ odmd-enver run                 # the contract's tests and deployment: commands, or the stacks of a CDK app
  $ odmd-enver run -- make deploy  # or a command of your own
  $ odmd-enver publish
  $ odmd-enver destroy

Exit codes: 0 done · 1 failed (run, destroy: the command's own code) · 2 wrong usage · 75 superseded or waiting
Environment, set by the platform: ODMD_ENVER ODMD_DISPATCH ODMD_OUTPUT, and ODMD_PLATFORM_URL ODMD_JOB_TOKEN or,
on AWS, ODMD_CENTRAL_ACCOUNT ODMD_CENTRAL_REGION`,
  );

program
  .command('whoami')
  .description('print the enver that this job works for')
  .option('--json', 'print JSON')
  .action((options: { json?: true }) =>
    perform(async (context) => {
      const { formatIdentity, whoami } = await import('./commands/whoami.js');
      print(options, await whoami(context), formatIdentity);
    }),
  );

program
  .command('resolve')
  .description('read exactly the dispatched inputs into odmd.inputs.json')
  .action(() =>
    perform(async (context) => {
      const { formatResolved, resolve } = await import('./commands/resolve.js');
      const resolved = await resolve(await withDispatch(context, 'platform'));
      if (context.env.GITHUB_ACTIONS === 'true') await maskInputs(resolved);
      print({}, resolved, formatResolved);
      const { resolvedSummary } = await import('./summary.js');
      await summarise(context, resolvedSummary(resolved));
    }),
  );

program
  .command('run')
  .description("run a command, or the contract's tests and deployment, with the inputs in the environment")
  .argument('[command...]', "the command; without it, the contract's")
  .passThroughOptions()
  .addHelpText(
    'after',
    `
The command sees each input as ODMD_INPUT_<ID>: a string as it is, anything else as JSON. All of them are in the
file $ODMD_INPUTS. It puts its products out as with GITHUB_OUTPUT:
  $ echo "url=http://localhost:8080" >> "$ODMD_OUTPUT"`,
  )
  .action((command: string[]) =>
    perform(async (context) => {
      const { run } = await import('./commands/run.js');
      await run(await withDispatch(context, 'inputs'), command);
    }),
  );

program
  .command('deploy')
  .description(
    'deploy as the contract says, without its tests: the stacks of a CDK app, or the deploy commands',
  )
  .addHelpText(
    'after',
    `
A CDK app is synthesised and held against the contract, then \`cdk deploy\` is run for each stack of the contract, with
the credentials at hand and the exec role of the enver. Products are the outputs that \`output\` of an EnverStack makes.`,
  )
  .action(() =>
    perform(async (context) => {
      const { deploy } = await import('./commands/deploy.js');
      await deploy(await withDispatch(context, 'inputs'));
    }),
  );

program
  .command('publish')
  .description(
    'check what the job put out, write the products that changed, and say that the enver is deployed',
  )
  .option('--json', 'print JSON')
  .action((options: { json?: true }) =>
    perform(async (context) => {
      const { formatPublished, publish } = await import('./commands/publish.js');
      const published = await publish(await withDispatch(context, 'inputs'));
      print(options, published, formatPublished);
      const { publishedSummary } = await import('./summary.js');
      await summarise(context, publishedSummary(published));
    }),
  );

program
  .command('destroy')
  .description("remove what was deployed: by the contract's destroy commands, or the stacks of a CDK app")
  .action(() =>
    perform(async (context) => {
      const { destroy } = await import('./commands/destroy.js');
      await destroy(await withDispatch(context, 'platform'));
    }),
  );

async function withDispatch(context: JobContext, from: 'platform' | 'inputs'): Promise<JobContext> {
  return (await import('./by-hand.js')).withDispatch(context, from);
}

async function perform(action: (context: JobContext) => Promise<void>): Promise<void> {
  try {
    await action(await createContext());
  } catch (error) {
    const [{ formatError }, { exitCodeOf }] = await Promise.all([
      import('@ondemandenv/contracts-base'),
      import('./errors.js'),
    ]);
    process.stderr.write(`${formatError(error)}\n`);
    process.exitCode = exitCodeOf(error);
  }
}

async function createContext(): Promise<JobContext> {
  const { readEnvironment } = await import('./environment.js');
  const { inWorkDir } = await import('./context.js');
  const job = readEnvironment(process.env);
  return inWorkDir({
    job,
    platform: await platformOf(job),
    cwd: process.cwd(),
    env: process.env,
    signals: process,
    say: (line) => process.stderr.write(`${line}\n`),
  });
}

async function platformOf({ platform, enver }: JobEnvironment): Promise<EnverPlatform> {
  if (platform.kind === 'http') return new (await import('./http-platform.js')).HttpPlatform(platform);
  // The SDK announces on every start that it will leave this release of Node behind: news for its developers only.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  return new (await import('./aws/aws-platform.js')).AwsPlatform(platform, enver);
}

/** What later steps of the job write does not show the inputs either. */
async function maskInputs({ inputs }: Resolved): Promise<void> {
  const { maskCommands } = await import('./masks.js');
  for (const line of maskCommands(inputs.map(({ value }) => value))) process.stdout.write(`${line}\n`);
}

/** On GitHub the page of the run says it too. */
async function summarise({ env, say }: JobContext, text: string): Promise<void> {
  const file = env.GITHUB_STEP_SUMMARY;
  if (env.GITHUB_ACTIONS !== 'true' || !file) return;
  const { addSummary } = await import('./summary.js');
  await addSummary(file, text, say);
}

function print<T>(options: { json?: true }, result: T, format: (result: T) => string): void {
  process.stdout.write(`${options.json ? JSON.stringify(result, null, 2) : format(result)}\n`);
}

function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Help and version end here too, with 0.
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
