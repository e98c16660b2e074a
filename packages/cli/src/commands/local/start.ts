import { resolve } from 'node:path';
import { Command } from 'commander';
import { portNumber, portRange, wholeNumber } from '../../numbers.js';
import { line } from '../../output.js';
import { type HomeOption, homeFolder, withHome } from '../../platform.js';
import { repository } from '../../repository.js';
import type { Terminal } from '../../terminal.js';

interface Options extends HomeOption {
  readonly contractsRepo: { readonly owner: string; readonly name: string };
  readonly contractsBuild: string;
  readonly contractsBranch: string;
  readonly port: number;
  readonly servicePorts: { readonly from: number; readonly to: number };
  readonly toolchain: string;
  readonly jobs: number;
}

export function startCommand(terminal: Terminal): Command {
  const command = new Command('start')
    .summary('start the platform and stay with it until Ctrl-C')
    .description(
      `Start the platform and stay with it until Ctrl-C or odmd local stop, which end every job and service with it.
Started again with the same folder, it goes on where it was.`,
    )
    .requiredOption('--contracts-repo <owner/name>', 'repository of the contracts', repository)
    .option('--contracts-build <id>', 'build id of the contracts package', 'contracts')
    .option('--contracts-branch <branch>', 'branch of the contracts that is in force', 'main')
    .option('--port <port>', 'port of the platform; 0 is any that is free', portNumber, 0)
    .option('--service-ports <from-to>', 'ports for services', portRange, { from: 24_000, to: 24_999 })
    .option('--toolchain <dir>', 'folder whose node_modules jobs see', '.')
    .option('--jobs <n>', 'jobs that run at once', wholeNumber, 2)
    .addHelpText(
      'after',
      `
Example:
  odmd local start --contracts-repo coffee/contracts --home /tmp/shop`,
    );
  return withHome(command).action((options: Options) => start(terminal, options));
}

async function start(terminal: Terminal, options: Options): Promise<void> {
  const interrupted = terminal.interrupted();
  const { startLocalPlatform } = await import('@ondemandenv/local-platform');
  const platform = await startLocalPlatform({
    home: homeFolder(terminal, options),
    contracts: {
      repo: options.contractsRepo,
      build: options.contractsBuild,
      branch: options.contractsBranch,
    },
    port: options.port,
    servicePorts: options.servicePorts,
    toolchain: resolve(terminal.cwd, options.toolchain),
    jobs: options.jobs,
    ...(terminal.env.PATH && { searchPath: terminal.env.PATH }),
    log: (text: string) => terminal.err(`${text}\n`),
  });
  line(terminal, `platform ready at ${platform.url}; push contracts to ${platform.contractsUrl}`);
  await Promise.race([interrupted, platform.stopped]);
  await platform.stop();
}
