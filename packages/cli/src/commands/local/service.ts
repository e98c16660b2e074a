import { Argument, Command } from 'commander';
import { json, line } from '../../output.js';
import type { Terminal } from '../../terminal.js';

interface StartOptions {
  readonly health?: string;
  /** As written: `NAME` or `NAME=value`. */
  readonly env: readonly string[];
  readonly json?: true;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** `odmd local service`: for the deploy and destroy commands of an enver. */
export function serviceCommand(terminal: Terminal): Command {
  return new Command('service')
    .summary('start and stop services, from the job of an enver')
    .description('Start and stop services of an enver. These commands work in the job of the enver only.')
    .addCommand(startCommand(terminal))
    .addCommand(stopCommand(terminal));
}

function startCommand(terminal: Terminal): Command {
  return new Command('start')
    .summary('start or replace a service')
    .description(
      `Start a service of the enver, or replace the one of this name, and wait until it is ready.
It runs in a copy of this folder and has to listen on 127.0.0.1 at the port in $PORT. The port stays the same
from deployment to deployment.`,
    )
    .argument('<name>', 'name of the service in the enver')
    .argument('<command...>', 'program of the service and its arguments, after --')
    .option('--health <path>', 'path that answers 2xx when the service is ready (default: the port is open)')
    .option(
      '--env <name>',
      'environment variable of the service, as it is here; repeat it for more',
      addTo,
      [],
    )
    .option('--json', 'print {name, url, port} as JSON')
    .addHelpText(
      'after',
      `
--env NAME=value is for constants: everybody on this machine sees what a command line says.

Examples:
  odmd local service start web -- node server.mjs
  odmd local service start web --health /health --env ODMD_INPUT_TITLE --env LOG=all -- node server.mjs`,
    )
    .action(async (name: string, command: string[], options: StartOptions, self: Command) => {
      const { health, env: written } = options;
      const problem = variablesProblem(written, terminal.env);
      if (problem !== undefined) self.error(`error: ${problem}`);
      const env = variablesOf(written, terminal.env);
      const { JobServices } = await import('../../job-services.js');
      const service = { name, cwd: terminal.cwd, command, env, ...(health !== undefined && { health }) };
      const started = await (await JobServices.ofJob(terminal.env)).start(service);
      if (options.json) json(terminal, started);
      else line(terminal, `${started.name} answers at ${started.url}`);
    });
}

function stopCommand(terminal: Terminal): Command {
  return new Command('stop')
    .summary('stop a service, or all of the enver')
    .description(
      'Stop one service of the enver, or with --all every one. A service that is not there is no error.',
    )
    .addArgument(new Argument('[name]', 'name of the service in the enver'))
    .option('--all', 'every service of the enver')
    .option('--json', 'print {stopped} as JSON')
    .addHelpText('after', '\nExamples:\n  odmd local service stop web\n  odmd local service stop --all')
    .action(async (name: string | undefined, options: { all?: true; json?: true }, command: Command) => {
      if ((name === undefined) === (options.all === undefined))
        command.error('error: give either the name of a service or --all');
      const { JobServices } = await import('../../job-services.js');
      const stopped = await (await JobServices.ofJob(terminal.env)).stop(name);
      if (options.json) json(terminal, { stopped });
      else line(terminal, stopped.length > 0 ? `stopped ${stopped.join(', ')}` : 'nothing to stop');
    });
}

function addTo(text: string, texts: readonly string[]): string[] {
  return [...texts, text];
}

/** What is wrong with variables as they are written, without any value. */
function variablesProblem(written: readonly string[], own: Variables): string | undefined {
  for (const [name, value] of written.map(nameAndValue)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      return `option '--env <name>': ${JSON.stringify(name)} is not a name. Write it as NAME or NAME=value.`;
    if (value === undefined && own[name] === undefined)
      return `option '--env ${name}': there is no ${name} in the environment of this command.`;
  }
  return undefined;
}

function variablesOf(written: readonly string[], own: Variables): Record<string, string> {
  return Object.fromEntries(
    written.map(nameAndValue).map(([name, value]) => [name, value ?? own[name] ?? '']),
  );
}

function nameAndValue(text: string): [name: string, value: string | undefined] {
  const at = text.indexOf('=');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
