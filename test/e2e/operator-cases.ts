import { beforeAll, describe, expect, it } from 'vitest';
import type { Credentials } from '../emulator/emulator.js';
import type { Landscape } from './landscape.js';
import { ask, mayAsk, newRole } from './people.js';

const PROBE = 'probe/b..main';
const WEB = 'web/b..main';

/**
 * People ask the platform and tell it, with roles of their own that may do nothing but that. They find the small org
 * deployed, with a change that the probe has to be allowed to take over.
 */
export function operatorCases(living: () => Landscape): void {
  describe('people', () => {
    let land: Landscape;
    let developer: Credentials;
    let release: Credentials;
    beforeAll(async () => {
      land = living();
      developer = await newRole(land, 'workspace1', 'Developer', mayAsk(land));
      release = await newRole(land, 'workspace2', 'Release', mayAsk(land));
    });

    it('are let in by their own account alone', async () => {
      const nobody = await newRole(land, 'workspace1', 'Nobody');
      const { code, out, log } = await ask(land, nobody, 'status');
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(log).toMatch(/^ODMD743 /);
    });

    it('see every enver, one with all of it, and whose refs are not protected', async () => {
      // A repository that GitHub has only now: whoever looks first notes its number.
      await land.github.createRepo('images');
      const refs = await ask(land, developer, 'status', '--protection', '--json');
      const { unprotected } = JSON.parse(refs.out) as { unprotected: { enver: string; gaps: string[] }[] };
      expect(unprotected.map(({ enver }) => enver)).toContain(WEB);
      const every = await ask(land, developer, 'status');
      expect(every).toMatchObject({ code: 0, out: expect.stringMatching(/^e2e: contracts [0-9a-f]{7} /) });
      for (const id of Object.keys(land.manifest.envers)) expect(every.out).toContain(id);
      const one = await ask(land, developer, 'status', WEB, '--json');
      expect(JSON.parse(one.out)).toMatchObject({ id: WEB, phase: 'deployed', products: [{ name: 'url' }] });
    });

    it('have an enver deployed again, and wait for it', async () => {
      const before = land.jobs.dispatchOf(WEB)?.id;
      expect(await ask(land, developer, 'deploy', WEB, '--wait')).toMatchObject({ code: 0 });
      expect(land.jobs.dispatchOf(WEB)?.id).not.toBe(before);
      const { history } = JSON.parse((await ask(land, developer, 'status', WEB, '--json')).out);
      expect(JSON.stringify(history)).toContain('odmd deploy by workspace1/Developer');
    });

    it('allow what the contracts let them allow', async () => {
      const before = land.jobs.dispatchOf(PROBE)?.id;
      const refused = await ask(land, developer, 'approve', PROBE);
      expect(refused).toMatchObject({
        code: 1,
        log: expect.stringMatching(/^ODMD408 workspace1\/Developer/),
      });
      expect(land.jobs.dispatchOf(PROBE)?.id).toBe(before);
      expect(await ask(land, release, 'approve', PROBE)).toMatchObject({ code: 0 });
      await land.until('the probe has it', async () => {
        const record = (await land.envers())[PROBE];
        return record?.phase === 'deployed' && land.jobs.dispatchOf(PROBE)?.id !== before;
      });
    });

    it('make a copy for a branch, list it, and remove it', async () => {
      const ref = { kind: 'branch', ref: 'feature/by-hand' } as const;
      await land.github.push('o/shop', ref, { message: 'no command', files: { 'billing/a.txt': '1' } });
      const place = ['--repo', 'o/shop', '--branch', ref.ref];
      const made = await ask(land, developer, 'clone', 'create', 'billing@main', ...place);
      expect(made, made.log).toMatchObject({ code: 0 });
      const list = async () =>
        JSON.parse((await ask(land, developer, 'clone', 'list', '--json')).out).clones as { id: string }[];
      expect(await list()).toMatchObject([{ cloneOf: 'billing/b..main', ref: `refs/heads/${ref.ref}` }]);
      const [{ id = '' } = {}] = await list();
      await land.phases({ [id]: 'deployed' });
      expect(await ask(land, developer, 'clone', 'delete', ...place)).toMatchObject({ code: 0 });
      await land.until('it is gone', async () => (await list()).length === 0, 180);
    });
  });
}
