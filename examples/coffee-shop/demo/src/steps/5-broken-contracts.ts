import type { Demo } from '../demo.js';
import { address, enver, MAIN, named, shopAt } from '../views.js';

/** Each edit breaks another rule. */
const MISTAKES = [
  { from: "account: 'workspace1'", to: "account: 'workspace9'", code: 'ODMD101', about: 'workspace9' },
  { from: "{ repo: 'foundation' }", to: "{ repo: 'cellar' }", code: 'ODMD102', about: 'cellar' },
  { from: "account: 'workspace0'", to: "account: 'central'", code: 'ODMD103', about: 'central' },
  { from: "workDir: 'web'", to: "workDir: '../web'", code: 'ODMD119', about: '../web' },
  { from: "region: 'us-west-1'", to: "region: 'us-west'", code: 'ODMD120', about: 'us-west' },
];

export async function breakContracts(demo: Demo): Promise<void> {
  const { platform, stage } = demo;
  stage.step('Contracts that break rules are refused with every violation at once, and change nothing');
  const { before } = platform;
  const repo = await demo.repo('contracts');
  repo.edit('src/index.ts', MISTAKES);
  const answer = await repo.commitAndPush('Move the shop');
  for (const { code, about } of MISTAKES)
    stage.claim(`the push names ${code}, about ${about}`, lineWith(answer, code, about), answer);

  const after = await platform.settled();
  const events = await platform.newEvents();
  const { phase, reason } = enver(after, MAIN.contracts);
  stage.claim(`the job of the contracts failed: ${firstLine(reason)}`, phase === 'failed', { phase, reason });
  stage.claim(
    'the contracts in force are those from before',
    after.contracts?.sha === before.contracts?.sha,
    after,
  );
  const others = named(events, 'EnverDispatched').filter((id) => id !== MAIN.contracts);
  stage.claim('nothing was deployed', others.length === 0, others);
  const { specials } = await shopAt(address(after, MAIN.web));
  stage.claim('the shop is open as before', specials === 'espresso for 2.40', specials);

  await repo.revert();
  await repo.push();
  const healed = await platform.settled();
  const redeployed = named(await platform.newEvents(), 'EnverDispatched');
  stage.claim(
    'taking the mistake back makes the contracts well again and deploys nothing else',
    enver(healed, MAIN.contracts).phase === 'deployed' && redeployed.every((id) => id === MAIN.contracts),
    healed,
  );
}

function lineWith(text: string, ...parts: string[]): boolean {
  return text.split('\n').some((line) => parts.every((part) => line.includes(part)));
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
