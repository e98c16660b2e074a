import { describe, expect, it } from 'vitest';
import type { Notifier } from '../ports/index.js';

export interface NotifierBench {
  readonly notifier: Notifier;
  /** Texts that people could read so far. */
  texts(): Promise<readonly string[]>;
}

/** What every `Notifier` must do. */
export function notifierConformance(name: string, make: () => Promise<NotifierBench>): void {
  describe(`Notifier: ${name}`, () => {
    it.each(['info', 'error'] as const)(
      'shows an answer of level %s where the person looks',
      async (level) => {
        const { notifier, texts } = await make();
        const to = { repo: 'o/r', ref: 'refs/heads/功能', sha: 'a'.repeat(40) };
        await notifier.answer(to, { level, message: 'no `odmd: <b>` here\n  fix: $(id)' });
        expect((await texts()).join()).toContain('no `odmd: <b>` here');
      },
    );

    it('shows an alarm', async () => {
      const { notifier, texts } = await make();
      await notifier.alarm({ enver: 'web/b..main', message: 'menu changed from 1#ab to 2#cd' });
      expect((await texts()).join()).toContain('menu changed from 1#ab to 2#cd');
    });
  });
}
