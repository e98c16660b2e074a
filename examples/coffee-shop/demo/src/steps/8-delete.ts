import { connect } from 'node:net';
import type { Demo } from '../demo.js';
import { address, MAIN, named, sameSet, shopAt } from '../views.js';
import { BRANCH, cloneOf } from './4-clone.js';

const BASES = [MAIN.manager, MAIN.processor, MAIN.web];

export async function deleteClones(demo: Demo): Promise<void> {
  const { platform, stage } = demo;
  stage.step('One line in a commit message removes the copy without a trace');
  const { before } = platform;
  const clones = BASES.map((base) => cloneOf(before, base));
  const services = clones.flatMap((clone) => clone.services);
  const running = services.filter(({ pid }) => pid !== undefined && isAlive(pid));
  stage.claim('the three clones run in processes of their own', running.length === 3, services);

  const repo = await demo.repo('shop');
  await repo.switchTo(BRANCH);
  await repo.commitAndPush('Latte week is over\n\nodmd: delete', BRANCH);
  const after = await platform.settled();
  const gone = named(await platform.newEvents(), 'CloneDeleted');
  const ids = clones.map(({ id }) => id);
  stage.claim('the clones were deleted', sameSet(gone, ids), gone);
  const alive = services.filter(({ pid }) => pid !== undefined && isAlive(pid));
  stage.claim('no process of theirs is left', alive.length === 0, alive);
  const open = await Promise.all(services.map(async ({ url }) => ((await isOpen(url)) ? url : '')));
  stage.claim('no port of theirs answers', open.join('') === '', open);
  const everything = JSON.stringify(after);
  const traces = ids.filter((id) => everything.includes(id));
  stage.claim('no record of theirs is left', traces.length === 0, traces);
  stage.claim(
    'no product of theirs is left in the config store',
    after.leftovers.length === 0,
    after.leftovers,
  );
  const shop = await shopAt(address(after, MAIN.web));
  stage.claim(`main is open as before: ${shop.specials}`, shop.specials === 'cappuccino for 3.04', shop);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Whether anything listens there. */
function isOpen(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
