import { formatFinding, OdmdError } from '@ondemandenv/contracts-base';

/**
 * An error of a CDK app. Nobody catches it: what Node prints then is what is wrong and how to put it right, and the
 * places in the app itself that led to it.
 */
export class AppError extends OdmdError {
  override readonly name = 'AppError';

  constructor(code: string, message: string, details: { where: string; fix: string }) {
    super(code, message, details);
    const places = (this.stack ?? '').split('\n').filter((line) => /^ +at /.test(line) && !OURS.test(line));
    this.stack = [formatFinding(this), ...places].join('\n');
    // Node prints them beside the text, which has them.
    for (const key of ['name', 'code', 'where', 'fix'])
      Object.defineProperty(this, key, { enumerable: false });
  }
}

/** This package, and Node. */
const OURS = /[/\\]enver-runtime[/\\](src|dist)[/\\]|[( ]node:/;
