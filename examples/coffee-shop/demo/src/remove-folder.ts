import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const ATTEMPTS = 200;
const PAUSE_MS = 50;

/**
 * Removes a folder and all that is in it. A push that was ended may still be on its way out and write meanwhile: each
 * attempt looks at everything again, which the retries of `rmSync` itself do not.
 *
 * @throws when somebody still writes after some ten seconds
 */
export async function removeFolder(folder: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      rmSync(folder, { recursive: true, force: true });
      return;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await delay(PAUSE_MS);
    }
  }
}
