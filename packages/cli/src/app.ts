import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Contracts, formatError, OdmdError, type SynthResult } from '@ondemandenv/contracts-base';
import { printFailure } from './json-failure.js';
import { importOf, NEVER, watchingExit } from './org-code.js';
import { placeIn } from './place.js';
import type { Terminal } from './terminal.js';
import { lastBuild, projectOf, refuseTypeErrors } from './type-errors.js';

/** The part of an org's contracts that works across copies and releases of the contracts library. */
export type LoadedContracts = Pick<Contracts, 'org' | 'synth'>;

/** Whoever wants to know what happens while an org's code runs. */
export interface Listener {
  /** Is told when the package seems to have been changed after it was built. */
  readonly warn?: (text: string) => void;
  /** Is told, with ODMD708, when the org's code ends the process, which then ends with exit code 1. */
  readonly onEnd?: (error: OdmdError) => void;
}

/** Writes all of it for a person, or the end as JSON. */
export function listenerOf(terminal: Terminal, options: { readonly json?: true } = {}): Listener {
  return {
    warn: terminal.err,
    onEnd: (error) =>
      options.json ? printFailure(terminal, error) : terminal.err(`${formatError(error)}\n`),
  };
}

/**
 * Imports a contractsLib and finds its contracts.
 *
 * @param app a package folder, or a module file
 * @throws OdmdError ODMD701 no such file · ODMD702 it does not load · ODMD703 it is TypeScript ·
 *   ODMD704 it exports no contracts · ODMD707 the sources have TypeScript errors · ODMD709 it never finishes loading
 */
export async function loadContracts(
  app: string,
  cwd: string,
  listener: Listener = {},
): Promise<LoadedContracts> {
  const file = moduleFile(resolve(cwd, app), listener);
  const module = await importModule(file, listener);
  const inner = isRecord(module.default) ? module.default : {}; // what `exports.x = …` of CommonJS becomes
  const found = [module.default, module.contracts, inner.default, inner.contracts].find(
    Contracts.isContracts,
  );
  if (found) return found;
  const names = Object.keys(module).sort().join(', ') || 'nothing';
  throw new OdmdError('ODMD704', `no contracts are exported, only: ${names}`, {
    where: file,
    fix: 'export the org as `export const contracts = new Contracts(…)`, or as the default export',
  });
}

/** Checks the contracts. @throws OdmdError ODMD702 when the contracts themselves throw */
export function synthesize(contracts: LoadedContracts, app: string, { onEnd }: Listener = {}): SynthResult {
  const unwatch = watchingExit(app, onEnd);
  try {
    return contracts.synth();
  } catch (cause) {
    throw notLoaded(app, cause);
  } finally {
    unwatch();
  }
}

/** The module behind a path: a file is its own, a package says it in its package.json. */
function moduleFile(path: string, { warn }: Listener): string {
  if (!existsSync(path))
    throw new OdmdError('ODMD701', 'no such file or folder', {
      where: path,
      fix: 'name the package folder of the contracts, or their compiled module, with --app',
    });
  if (statSync(path).isFile()) {
    const project = /\.[cm]?tsx?$/.test(path) && projectOf(path);
    if (project) refuseTypeErrors(project);
    return path;
  }
  const manifest = join(path, 'package.json');
  if (!existsSync(manifest))
    throw new OdmdError('ODMD701', 'the folder has no package.json', {
      where: path,
      fix: 'name the package folder of the contracts, or their compiled module, with --app',
    });
  const entry = join(path, packageEntry(manifest));
  if (existsSync(entry)) {
    const { doubtful, changed } = lastBuild(path, entry);
    if (doubtful) refuseTypeErrors(path);
    if (changed !== undefined)
      warn?.(`warning: ${changed} was changed after the package was built: build it to see the change\n`);
    return entry;
  }
  refuseTypeErrors(path);
  throw new OdmdError('ODMD701', `the module of this package, ${entry}, does not exist`, {
    where: manifest,
    fix: 'build the package first, or correct `exports` in its package.json',
  });
}

/** `exports["."]` by Node's conditions, else `main`, else `index.js`. */
function packageEntry(manifest: string): string {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(manifest, 'utf8'));
  } catch (cause) {
    throw new OdmdError('ODMD702', `not JSON: ${messageOf(cause)}`, { where: manifest, cause });
  }
  const { exports, main } = isRecord(json) ? json : {};
  const root = isRecord(exports) && '.' in exports ? exports['.'] : exports;
  return exportTarget(root) ?? (typeof main === 'string' ? main : 'index.js');
}

function exportTarget(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (!isRecord(target)) return undefined;
  for (const [condition, inner] of Object.entries(target))
    if (['node', 'import', 'module-sync', 'default'].includes(condition)) {
      const found = exportTarget(inner);
      if (found !== undefined) return found;
    }
  return undefined;
}

async function importModule(file: string, { onEnd }: Listener): Promise<Record<string, unknown>> {
  const unwatch = watchingExit(file, onEnd);
  try {
    const module = await importOf(pathToFileURL(file).href);
    if (module !== NEVER) return module;
  } catch (cause) {
    if (
      isRecord(cause) &&
      cause.code === 'ERR_UNKNOWN_FILE_EXTENSION' &&
      /\.[cm]?tsx?\b/.test(messageOf(cause))
    )
      throw new OdmdError('ODMD703', 'this Node does not run TypeScript', {
        where: file,
        fix: 'compile the contracts first and name the package folder or the .js file',
        cause,
      });
    throw notLoaded(file, cause);
  } finally {
    unwatch();
  }
  throw new OdmdError('ODMD709', 'the contracts never finish loading', {
    where: file,
    fix: 'look for an `await` outside of functions whose promise never settles; contracts need to wait for nothing',
  });
}

function notLoaded(file: string, cause: unknown): OdmdError {
  return new OdmdError('ODMD702', `the contracts do not load: ${messageOf(cause)}`, {
    where: placeIn(cause) ?? file,
    fix: `\`node ${file}\` shows the whole error`,
    cause,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
