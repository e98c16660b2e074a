import { existsSync } from 'node:fs';
import { OdmdError } from '@ondemandenv/contracts-base';
import type { App } from 'aws-cdk-lib/core';
import type { PlatformProps } from './app.js';

/** The manifest that the app's context names. @throws OdmdError ODMD856 none is named · ODMD859 there is no such file */
export function manifestFile(app: App): string {
  const file: unknown = app.node.tryGetContext('manifest');
  if (typeof file !== 'string' || file === '')
    throw new OdmdError('ODMD856', 'it is not said whose platform this is', {
      fix: 'give the manifest: `cdk diff -c manifest=.odmd/manifest.json`',
    });
  if (!existsSync(file)) throw wrong('manifest', `there is no file ${file}`, 'write it with `odmd synth`');
  return file;
}

/**
 * What nobody would notice before it fails: an account that the contracts do not have is let in nowhere, and a function
 * that cannot read its settings does not start.
 *
 * @throws OdmdError ODMD859
 */
export function checkSettings(props: PlatformProps): void {
  const { manifest, existingProviders = [], contractApprovers = [], enver } = props;
  const names = Object.keys(manifest.accounts);
  for (const name of existingProviders)
    if (!names.includes(name))
      throw wrong('existingProviders', `${name} is no account of the contracts`, `use ${names.join(', ')}`);
  for (const { account, role } of contractApprovers)
    if (!names.includes(account) || !role)
      throw wrong(
        'contractApprovers',
        `${account}/${role ?? ''} is no role of an account of the contracts`,
        `write account/role, with commas between; the accounts are ${names.join(', ')}`,
      );
  const { dispatchesPerMinute = 1 } = props;
  if (!(Number.isFinite(dispatchesPerMinute) && dispatchesPerMinute > 0))
    throw wrong(
      'dispatchesPerMinute',
      'it is not a number above 0',
      'leave it out, or give a number such as 40',
    );
  const numbers = enver ? [enver.repo.id, enver.repo.ownerId] : [];
  if (!numbers.every((number) => Number.isSafeInteger(number) && number > 0))
    throw wrong(
      'enver',
      'it needs the numbers of the repository and of its owner',
      'add `-c repoId=… -c ownerId=…`; `gh api repos/OWNER/NAME --jq "[.id, .owner.id]"` tells them',
    );
}

function wrong(where: string, what: string, fix: string): OdmdError {
  return new OdmdError('ODMD859', `a setting is not understood: ${what}`, { where, fix });
}
