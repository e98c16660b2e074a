import { describe, expect, it } from 'vitest';
import type { EnverReport, Notifier } from '../ports/index.js';

export interface NotifierBench {
  readonly notifier: Notifier;
  /** Texts that people could read so far. */
  texts(): Promise<readonly string[]>;
  /** It shows no reports: whoever works there sees how the clones are anyway. */
  readonly withoutReports?: true;
}

const REF = { kind: 'branch', ref: '功能' } as const;
const REMOVAL = 'odmd: delete';

function enver(reason: string): EnverReport {
  return {
    id: 'web/b..main-_b..x',
    build: 'web',
    phase: 'waiting',
    reason,
    expiresAt: 1_800_000_000_000,
    products: [{ name: 'url', value: '"https://latte.example/"' }],
  };
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

    it('shows the newest report of a ref in place of the one before', async () => {
      const { notifier, texts, withoutReports } = await make();
      const to = { repo: 'o/r', revision: REF };
      await notifier.report(to, { envers: [enver('needs the menu')], removal: REMOVAL });
      const report = { envers: [enver('behind the manager')], removal: REMOVAL };
      await notifier.report(to, report);
      const shown = await texts();
      await notifier.report(to, report);
      expect(await texts()).toEqual(shown);
      if (withoutReports) return;
      // Some write a colon in another way, lest it does something.
      for (const part of ['web/b..main-_b..x', 'behind the manager', '//latte.example/', ' delete'])
        expect(shown.join()).toContain(part);
      expect(shown.join()).not.toContain('needs the menu');
      await notifier.report(to, { envers: [], removal: REMOVAL });
      expect((await texts()).join()).not.toContain('behind the manager');
    });

    it('has no trouble with a report of what nobody looks at', async () => {
      const { notifier } = await make();
      for (const revision of [
        { kind: 'tag', ref: 'v1' },
        { kind: 'branch', ref: 'nobody/pushed/it' },
      ] as const)
        for (const envers of [[enver('$(id) `x` <b>')], []])
          await notifier.report({ repo: 'o/r', revision }, { envers, removal: REMOVAL });
    });
  });
}
