import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Manifest, OdmdError, readManifest, writeManifest } from '@ondemandenv/contracts-base';
import { listenerOf, loadContracts, synthesize } from './app.js';
import type { SourceOptions } from './contract-options.js';
import { Exit, ExitCode } from './exit.js';
import { printFindings } from './findings.js';
import type { Terminal } from './terminal.js';

/**
 * The manifest that is meant. When the contracts break a rule, every violation is written to standard error.
 *
 * @throws OdmdError ODMD2xx, ODMD70x · Exit when the contracts break a rule
 */
export async function manifestOf(terminal: Terminal, options: SourceOptions): Promise<Manifest> {
  if (options.manifest !== undefined) return readManifestFile(options.manifest, terminal.cwd);
  const listener = listenerOf(terminal);
  const contracts = await loadContracts(options.app, terminal.cwd, listener);
  const result = synthesize(contracts, options.app, listener);
  if (!result.ok) {
    await printFindings(terminal, result.errors, result.warnings, terminal.err);
    throw new Exit(ExitCode.failure);
  }
  // Made by the org's copy of the library, which may be of another release: reading it again finds out.
  return readManifest(writeManifest(result.manifest), options.app);
}

/** @throws OdmdError ODMD705 it cannot be read · ODMD201, ODMD202, ODMD203 it is no manifest of this release */
export function readManifestFile(file: string, cwd: string): Manifest {
  return readManifest(readText(resolve(cwd, file)), file);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    const why =
      code === 'ENOENT' || code === 'ENOTDIR'
        ? 'there is no such manifest file'
        : code === 'EISDIR'
          ? 'this is a folder, not a manifest file'
          : `the manifest cannot be read: ${cause instanceof Error ? cause.message : cause}`;
    const fix = 'name a manifest.json that `odmd synth` wrote';
    throw new OdmdError('ODMD705', why, { where: path, fix, cause });
  }
}
