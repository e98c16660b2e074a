import type { Demo } from '../demo.js';
import { address, enver, MAIN, named, type PlatformEvent, type Status, sameSet, shopAt } from '../views.js';

export const BRANCH = 'feature/latte';
const BASES = [MAIN.manager, MAIN.processor, MAIN.web];

export async function cloneBranch(demo: Demo): Promise<void> {
  const { platform, stage } = demo;
  stage.step(`The branch ${BRANCH} gets its own copy of the shop by a line in a commit message`);
  const { before } = platform;
  const repo = await demo.repo('shop');
  await repo.switchTo(BRANCH, 'new');
  repo.edit('manager/special.json', [{ from: 'espresso', to: 'latte' }]);
  await repo.commitAndPush('Latte of the week\n\nodmd: create@main', BRANCH);
  const status = await platform.settled();
  const events = await platform.newEvents();

  const clones = BASES.map((base) => cloneOf(status, base));
  const ready =
    clones.every(({ phase }) => phase === 'deployed') && status.envers.length === 5 + clones.length;
  stage.claim(`three clones are deployed: ${clones.map(({ id }) => id).join(', ')}`, ready, status.envers);
  stage.claim('they answer on ports of their own, beside main', distinctAddresses(status), status.envers);

  const [manager, processor, web] = clones.map(({ id }) => id);
  const latte = await shopAt(address(status, web ?? ''));
  stage.claim(`the clone has its own value: ${latte.specials}`, latte.specials === 'latte for 3.36', latte);
  stage.claim(
    'its web client talks to its own order-manager and order-processor',
    latte.manager.enver === manager && latte.processor.enver === processor,
    latte,
  );
  const main = await shopAt(address(status, MAIN.web));
  stage.claim(`main has what it had: ${main.specials}`, main.specials === 'espresso for 2.40', main);
  stage.claim('and nothing of main was deployed', untouched(before, status, events), events);
}

/** The one clone of an enver. */
export function cloneOf(status: Status, base: string) {
  const clones = status.envers.filter((candidate) => candidate.cloneOf === base);
  const [clone] = clones;
  if (!clone || clones.length > 1) throw new Error(`${base} has ${clones.length} clones instead of one`);
  return clone;
}

function distinctAddresses(status: Status): boolean {
  const addresses = status.envers.flatMap(({ services }) => services.map(({ url }) => url));
  return addresses.length === 7 && new Set(addresses).size === addresses.length;
}

function untouched(before: Status, after: Status, events: readonly PlatformEvent[]): boolean {
  const main = Object.values(MAIN);
  const dispatched = named(events, 'EnverDispatched').filter((id) => main.some((own) => own === id));
  const times = (status: Status) => main.map((id) => enver(status, id).deployed?.at ?? 0).map(String);
  return dispatched.length === 0 && sameSet(times(before), times(after));
}
