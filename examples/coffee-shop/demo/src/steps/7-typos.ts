import type { Demo } from '../demo.js';
import { named } from '../views.js';

const COMMANDS = [
  { branch: 'feature/tea', line: 'odmd: craete@main', names: 'craete' },
  { branch: 'feature/cake', line: 'odmd: create@mian', names: 'mian' },
];

export async function mistype(demo: Demo): Promise<void> {
  const { platform, stage } = demo;
  stage.step('A mistyped command is answered where it was written, and does nothing');
  const { before } = platform;
  const repo = await demo.repo('shop');
  for (const { branch, line, names } of COMMANDS) {
    await repo.switchTo(branch, 'new');
    const answer = await repo.commitAndPush(`Something new\n\n${line}`, branch);
    stage.claim(`the push answers "${line}"`, answer.includes(names), answer);
    await repo.switchTo('main');
  }
  const after = await platform.settled();
  const events = await platform.newEvents();
  const nothing =
    after.envers.length === before.envers.length && named(events, 'EnverDispatched').length === 0;
  stage.claim('no clone was made, nothing was deployed', nothing, events);
}
