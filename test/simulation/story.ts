import { coffeeShop, FOUNDATION, MANAGER, PROCESSOR, WEB } from './story-org.js';
import { StoryWorld } from './story-world.js';

const branch = { kind: 'branch', ref: 'espresso' } as const;
const COPY = 'b..main-_b..espresso';
const [MANAGER_COPY, PROCESSOR_COPY, WEB_COPY] = [`manager/${COPY}`, `processor/${COPY}`, `web/${COPY}`];

type Step = readonly [what: string, happens: (world: StoryWorld) => Promise<unknown>];

/** The life of a coffee shop's org, as people and jobs make it happen. */
const STEPS: readonly Step[] = [
  ['The contracts are published', (world) => world.publish(coffeeShop())],
  ['The foundation is pushed', (world) => world.push('coffee/foundation', 'the menu', { menu: '1' })],
  ['Its job publishes the menu', (world) => world.succeed(FOUNDATION, { menu: 'espresso' })],
  [
    'The shop is pushed: three builds of one repository',
    (world) => world.push('coffee/shop', 'the shop', { 'manager/a': '1', 'processor/a': '1', 'web/a': '1' }),
  ],
  ['The manager is deployed: the web page still waits', (world) => world.succeed(MANAGER, { api: 'm1' })],
  ['So is the processor: now comes the web page', (world) => world.succeed(PROCESSOR, { api: 'p1' })],
  ['The web page is deployed', (world) => world.succeed(WEB)],
  ['The menu changes', (world) => world.push('coffee/foundation', 'more coffee', { menu: '2' })],
  ['Phase 1: the foundation', (world) => world.succeed(FOUNDATION, { menu: 'espresso, latte' })],
  ['Phase 2: the manager', (world) => world.succeed(MANAGER, { api: 'm2' })],
  ['Phase 2: the processor', (world) => world.succeed(PROCESSOR, { api: 'p2' })],
  ['Phase 3: the web page, once, with both', (world) => world.succeed(WEB)],
  [
    'Somebody wants the shop for a branch',
    (world) => world.push('coffee/shop', 'try something\n\nodmd: create@main', { 'web/a': '2' }, branch),
  ],
  ['The copy of the manager is deployed', (world) => world.succeed(MANAGER_COPY, { api: 'm-copy' })],
  ['The copy of the processor is deployed', (world) => world.succeed(PROCESSOR_COPY, { api: 'p-copy' })],
  ['The copy of the web page is deployed, wired to the other copies', (world) => world.succeed(WEB_COPY)],
  [
    'On the branch, manager and web page change together',
    (world) => world.push('coffee/shop', 'a bug', { 'manager/a': '2', 'web/a': '3' }, branch),
  ],
  [
    'The manager fails: what is behind it is blocked for this change',
    (world) => world.fail(MANAGER_COPY, 'step deploy: exit code 1'),
  ],
  ['The manager is mended', (world) => world.push('coffee/shop', 'the fix', { 'manager/a': '3' }, branch)],
  ['It is deployed, and the web page follows', (world) => world.succeed(MANAGER_COPY, { api: 'm-fixed' })],
  ['The web page has healed', (world) => world.succeed(WEB_COPY)],
  [
    'Nobody needs the copies any more',
    (world) => world.push('coffee/shop', 'done\n\nodmd: delete', {}, branch),
  ],
  ['Consumers go before producers: the web page', (world) => world.succeed(WEB_COPY)],
  ['The manager goes', (world) => world.succeed(MANAGER_COPY)],
  ['The processor goes, and nothing is left', (world) => world.succeed(PROCESSOR_COPY)],
];

/** The story line by line: what happens, and what the platform says of it. */
export async function* story(): AsyncIterable<string> {
  const world = new StoryWorld();
  for (const [index, [what, happens]] of STEPS.entries()) {
    yield `${String(index + 1).padStart(2)}. ${what}`;
    await happens(world);
    world.clock.advance(1_000);
    for await (const line of world.news()) yield `      ${line}`;
  }
}
