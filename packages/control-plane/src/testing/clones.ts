import { type RevisionRef, refSlug } from '@ondemandenv/contracts-base';
import type { CoffeeOptions } from './coffee-contracts.js';
import { World } from './world.js';

export const shop = 'coffee/shop';
export const latte: RevisionRef = { kind: 'branch', ref: 'feature/latte' };
export const mocha: RevisionRef = { kind: 'branch', ref: 'feature/mocha' };

/** The id of the clone of a build's enver of `main` for a branch. */
export function cloneOf(build: string, { ref }: RevisionRef = latte): string {
  return `${build}/b..main-_b..${refSlug(ref)}`;
}

export const manager = cloneOf('manager');
export const processor = cloneOf('processor');
export const web = cloneOf('web');

/** All is deployed, and the shop's branch `feature/latte` was pushed with this message. */
export async function cloned(
  message = 'latte\n\nodmd: create@main',
  options: CoffeeOptions = {},
): Promise<World> {
  const world = await World.deployed(options);
  await world.push(shop, { 'manager/a': 'latte' }, message, latte);
  return world;
}

/** The jobs of the three clones end well. */
export async function deployClones(world: World): Promise<void> {
  await world.succeed(manager, { api: 'm-latte' });
  await world.succeed(processor, { api: 'p-latte' });
  await world.succeed(web);
}

export async function ids(world: World): Promise<string[]> {
  return (await world.plane.envers()).map(({ id }) => id);
}

export function lastAnswer(world: World): string {
  return world.ports.notifier.answers.at(-1)?.message ?? '';
}
