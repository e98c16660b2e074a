import { type Command, Option } from 'commander';

/** Where a command gets the contracts from. */
export interface SourceOptions {
  readonly app: string;
  readonly manifest?: string;
}

/** Adds `--app`, for a command that needs the contracts themselves. */
export function withApp(command: Command): Command {
  return command.option('--app <path>', 'package folder of the contracts, or their compiled module', '.');
}

/** Adds `--app` and `--manifest`, of which one may be given. */
export function withSource(command: Command): Command {
  const file = new Option('--manifest <file>', 'a manifest that odmd synth wrote, instead of the contracts');
  return withApp(command).addOption(file.conflicts('app'));
}
