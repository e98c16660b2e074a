import { Command, CommanderError } from 'commander';
import { approveCommand } from './commands/approve.js';
import { cloneCommand } from './commands/clone.js';
import { deployCommand } from './commands/deploy.js';
import { diffCommand } from './commands/diff.js';
import { explainCommand } from './commands/explain.js';
import { graphCommand } from './commands/graph.js';
import { initCommand } from './commands/init.js';
import { localCommand } from './commands/local/index.js';
import { planCommand } from './commands/plan.js';
import { retireCommand } from './commands/retire.js';
import { statusCommand } from './commands/status.js';
import { syncCommand } from './commands/sync.js';
import { synthCommand } from './commands/synth.js';
import { validateCommand } from './commands/validate.js';
import { workflowsCommand } from './commands/workflows.js';
import { Exit, ExitCode, LATER_CODES } from './exit.js';
import type { Terminal } from './terminal.js';
import { version } from './version.js';

/**
 * The command line `odmd`. What a command needs to do its work is imported by its action, so that help and usage
 * errors answer at once.
 */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('odmd')
    .description('Write, check, see and run the contracts of an organisation.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .addHelpText(
      'after',
      `
Examples:
  odmd validate --app contracts     check every rule of the contracts in this folder
  odmd diff released.json           say what the contracts in this folder change, break and deploy
  odmd status --wait                wait until nothing is left to do, then show every enver

Exit codes: 0 done, 1 failed, 2 wrong usage, 75 try again later.`,
    );
  const commands = [
    validateCommand,
    synthCommand,
    diffCommand,
    planCommand,
    graphCommand,
    workflowsCommand,
    explainCommand,
    initCommand,
    statusCommand,
    deployCommand,
    approveCommand,
    cloneCommand,
    retireCommand,
    syncCommand,
    localCommand,
  ];
  for (const command of commands) program.addCommand(command(terminal));
  for (const command of family(program))
    command
      .exitOverride()
      .showHelpAfterError('(run it with --help for usage and examples)')
      .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text) });
  return program;
}

/** Runs `odmd` with these arguments (without `node odmd`) and gives the exit code. It never throws. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await createProgram(terminal).parseAsync(args, { from: 'user' });
    return ExitCode.ok;
  } catch (error) {
    if (error instanceof Exit) return error.code;
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
    const { formatError, OdmdError } = await import('@ondemandenv/contracts-base');
    terminal.err(`${formatError(error)}\n`);
    return error instanceof OdmdError && LATER_CODES.includes(error.code)
      ? ExitCode.tryLater
      : ExitCode.failure;
  }
}

/** A command with all that are below it: settings of a parent do not reach commands that were added ready-made. */
function family(command: Command): Command[] {
  return [command, ...command.commands.flatMap(family)];
}
