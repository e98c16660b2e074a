import type { EnverEntry } from '@ondemandenv/contracts-base';
import { describe, expect, it } from 'vitest';
import type { StackProvisioner } from '../ports/index.js';

export interface StackProvisionerBench {
  readonly stacks: StackProvisioner;
  readonly entry: EnverEntry;
  /** Whether what the enver needs is there. */
  provisioned(enverId: string): Promise<boolean>;
}

/** What every `StackProvisioner` must do. `make` gives one that provisioned nothing yet. */
export function stackProvisionerConformance(name: string, make: () => Promise<StackProvisionerBench>): void {
  describe(`StackProvisioner: ${name}`, () => {
    it('makes what an enver needs, as often as it is asked, and removes it', async () => {
      const { stacks, entry, provisioned } = await make();
      expect(await provisioned(entry.id)).toBe(false);
      for (let n = 0; n < 2; n++) {
        await until(async () => (await stacks.ensure(entry)) === 'ready');
        expect(await provisioned(entry.id)).toBe(true);
      }
      for (let n = 0; n < 2; n++) {
        await until(async () => (await stacks.remove(entry)) === 'gone');
        expect(await provisioned(entry.id)).toBe(false);
      }
      await until(async () => (await stacks.ensure(entry)) === 'ready');
      expect(await provisioned(entry.id)).toBe(true);
    });

    it('lets the jobs in that tear down, and those that deploy again', async () => {
      const { stacks, entry, provisioned } = await make();
      for (const purpose of ['deploy', 'destroy', 'deploy'] as const)
        await until(async () => (await stacks.ensure(entry, purpose)) === 'ready');
      expect(await provisioned(entry.id)).toBe(true);
      await until(async () => (await stacks.remove(entry)) === 'gone');
    });

    it('has nothing to remove of an enver that it never saw', async () => {
      const { stacks, entry } = await make();
      await until(async () => (await stacks.remove({ ...entry, id: 'nobody/b..main' })) === 'gone');
    });
  });
}

/** Asks again while it works, as the platform does. */
async function until(done: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (await done()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('it works without end');
}
