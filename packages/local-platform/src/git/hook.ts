import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// The compiled file, also when this one is run from its source.
const MAIN = fileURLToPath(new URL('../../dist/git/post-receive-main.js', import.meta.url));

/** Writes the hook that tells the platform of every push to `repo` (`owner/name`). */
export async function installHook(options: { hooks: string; home: string; repo: string }): Promise<void> {
  const command = [process.execPath, MAIN, options.home, options.repo].map(shellQuoted).join(' ');
  const script = `#!/bin/sh\n# Written by the ONDEMANDENV local platform: tells it of every push.\nexec ${command}\n`;
  await mkdir(options.hooks, { recursive: true });
  // A push that comes meanwhile finds the old hook or the new one, whole.
  const temporary = join(options.hooks, 'post-receive.new');
  await writeFile(temporary, script, { mode: 0o755 });
  await rename(temporary, join(options.hooks, 'post-receive'));
}

/** One word for a POSIX shell, whatever the text contains. */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
