/** Running code of an org, which may do what it wants: without this, Node itself would end `odmd`, in its own way. */
import { OdmdError } from '@ondemandenv/contracts-base';
import { ExitCode } from './exit.js';
import { placeIn } from './place.js';

/** What the import of a module that waits for something that cannot come gives. */
export const NEVER = Symbol('never');

/**
 * Imports a module. What it starts and does not handle itself fails the import too, which would otherwise end the
 * process with a stack trace; and where nothing is left that could go on, the import is over.
 *
 * @throws whatever the module throws, now or, while it is imported, later
 */
export async function importOf(url: string): Promise<Record<string, unknown> | typeof NEVER> {
  let stop = () => {};
  try {
    return await new Promise((resolve, reject) => {
      const onIdle = () => resolve(NEVER);
      process.once('beforeExit', onIdle);
      process.once('uncaughtException', reject);
      stop = () => {
        process.off('beforeExit', onIdle);
        process.off('uncaughtException', reject);
      };
      import(url).then(resolve, reject);
    });
  } finally {
    stop();
  }
}

/**
 * Reports when the process ends before the function that this gives is called. Node would let it end silently, and
 * with the exit code that the org's code wants, which may be that of success.
 */
export function watchingExit(file: string, onEnd: (error: OdmdError) => void = () => {}): () => void {
  const onExit = (code: number) => {
    process.exitCode = ExitCode.failure;
    const details = {
      where: placeIn(new Error()) ?? file, // `process.exit` calls this, so whoever called it is in the stack
      fix: 'remove the `process.exit()`: contracts declare, and nothing else',
    };
    onEnd(new OdmdError('ODMD708', `the contracts end the process, with exit code ${code}`, details));
  };
  process.once('exit', onExit);
  return () => process.off('exit', onExit);
}
