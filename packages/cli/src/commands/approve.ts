import { Command, InvalidArgumentError } from 'commander';
import { json, line } from '../output.js';
import { cloudAddress, openPlatform, type PlatformOption, withPlatform } from '../platform.js';
import type { Terminal } from '../terminal.js';

interface Options extends PlatformOption {
  readonly as?: string;
  readonly version?: string;
  readonly refuse?: true;
  readonly json?: true;
}

export function approveCommand(terminal: Terminal): Command {
  const command = new Command('approve')
    .summary('grant or refuse what an enver waits for')
    .description(
      'Grant (or refuse) that an enver is deployed with the newest version of a product, where its contract asks for an approval.',
    )
    .argument('<enver>', 'id of the enver that waits')
    .argument('[product]', 'which product, when it waits for several: foundation/b..main/menu')
    .option(
      '--as <account/role>',
      'who decides: one of the approvers that odmd status names; a platform on AWS knows it by the credentials',
      role,
    )
    .option('--version <version>', 'the version that you looked at (default: the one that is asked for now)')
    .option('--refuse', 'refuse it')
    .option('--json', 'print the answer as JSON')
    .addHelpText(
      'after',
      `
Examples:
  odmd approve web-client/b..main --as workspace1/Release
  odmd approve web-client/b..main foundation/b..main/menu --refuse --as workspace1/Release
  AWS_PROFILE=release odmd approve web-client/b..main --platform https://a1b2c3.lambda-url.us-west-1.on.aws`,
    );
  return withPlatform(command).action((enver: string, product: string | undefined, options: Options) => {
    const known = cloudAddress(terminal, options) !== undefined;
    if (known && options.as !== undefined)
      command.error('error: the platform knows who you are by your credentials: leave out --as');
    if (!known && options.as === undefined)
      command.error("error: required option '--as <account/role>' not specified");
    return approve(terminal, enver, product, options);
  });
}

async function approve(
  terminal: Terminal,
  enver: string,
  product: string | undefined,
  options: Options,
): Promise<void> {
  const platform = await openPlatform(terminal, options);
  const open = (await platform.enver(enver)).approvals.filter(
    ({ path, state }) =>
      state === 'requested' && (product === undefined || path === `/odmd-share/${product}`),
  );
  const [request] = open;
  if (!request || open.length > 1) {
    const { OdmdError } = await import('@ondemandenv/contracts-base');
    const names = open.map(({ path }) => path.replace('/odmd-share/', ''));
    throw request
      ? new OdmdError('ODMD715', `${enver} waits for several approvals`, {
          fix: `name one of ${names.join(', ')}`,
        })
      : new OdmdError('ODMD714', `${enver} waits for no approval${product ? ` of ${product}` : ''}`, {
          fix: 'see `odmd status <enver>` for what it waits for; `odmd deploy <enver>` renews a request that expired',
        });
  }
  const version = options.version ?? request.version;
  const granted = options.refuse === undefined;
  await platform.decide({ enver, path: request.path, version, granted }, options.as);
  const what = request.path.replace('/odmd-share/', '');
  if (options.json) json(terminal, { enver, product: what, version, granted });
  else line(terminal, `${what} ${version} is ${granted ? 'granted' : 'refused'} for ${enver}`);
}

function role(text: string): string {
  if (!/^[^/]+\/[^/]+$/.test(text)) throw new InvalidArgumentError('Write it as account/role.');
  return text;
}
