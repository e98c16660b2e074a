/** git's post-receive hook: `post-receive-main.js <home> <owner/name>`, run by git in the bare repository. */
import { text } from 'node:stream/consumers';
import { formatError } from '@ondemandenv/contracts-base';
import { adoptDefaultBranch, announcePush, parseUpdates } from './post-receive.js';
import { DEFAULT_SEARCH_PATH } from './run-git.js';

const [home = '', repo = ''] = process.argv.slice(2);
// Who pushes may stop waiting at any time.
process.stdout.on('error', () => process.exit());

const push = { home, repo, updates: parseUpdates(await text(process.stdin)) };
try {
  await adoptDefaultBranch(process.cwd(), push, process.env.PATH ?? DEFAULT_SEARCH_PATH);
  await announcePush(push, (words) => process.stdout.write(words));
} catch (error) {
  process.stdout.write(`${formatError(error)}\n`);
}
