#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import type { JobContext } from './context.js';

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
  $ odmd-enver run                 # the contract's deploy commands
  $ odmd-enver run -- make deploy  # or a command of your own
  $ odmd-enver publish
  $ odmd-enver destroy

Exit codes: 0 done · 1 failed (run, destroy: the command's own code) · 2 wrong usage · 75 superseded or waiting
Environment, set by the platform: ODMD_ENVER ODMD_DISPATCH ODMD_PLATFORM_URL ODMD_JOB_TOKEN ODMD_OUTPUT`,
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
      print({}, await resolve(context), formatResolved);
    }),
  );

program
  .command('run')
  .description("run a command, or the contract's deploy commands, with the inputs in the environment")
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
    perform(async (context) => (await import('./commands/run.js')).run(context, command)),
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
      print(options, await publish(context), formatPublished);
    }),
  );

program
  .command('destroy')
  .description("run the contract's destroy commands with the inputs that still exist")
  .action(() => perform(async (context) => (await import('./commands/destroy.js')).destroy(context)));

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
  const [{ readEnvironment }, { HttpPlatform }] = await Promise.all([
    import('./environment.js'),
    import('./http-platform.js'),
  ]);
  const job = readEnvironment(process.env);
  return {
    job,
    platform: new HttpPlatform({ url: job.platformUrl, token: job.token }),
    cwd: process.cwd(),
    env: process.env,
    signals: process,
    say: (line) => process.stderr.write(`${line}\n`),
  };
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
