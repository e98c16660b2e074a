const WEBHOOKS = 500;
const AT_ONCE = 25;
const revision = { kind: 'branch', ref: 'main' };

/**
 * Many webhooks at once, of pushes to three repositories: every one is taken, the newest commit of each is what is
 * dispatched last, and no enver is dispatched with an older commit after a newer one.
 */
export async function burst(land, sendWebhook) {
  const before = land.jobs.dispatched.length;
  const shas = [];
  const start = performance.now();
  const refused = [];
  for (let sent = 0; sent < WEBHOOKS; sent += AT_ONCE) {
    const files = { 'probe/a.txt': `burst ${sent}` };
    shas.push(await land.github.push('o/shop', revision, { message: 'a change', files }));
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, () =>
        sendWebhook(land, 'push', 'o/shop', { ref: 'refs/heads/main', after: shas.at(-1) }),
      ),
    );
    refused.push(...answers.filter((status) => status !== 202));
  }
  const taken = performance.now() - start;
  const newest = shas.at(-1);
  await land.until('the newest commit is known', async () => {
    const { source } = (await land.envers())['probe/b..main'];
    return source?.sha === newest;
  });
  const known = performance.now() - start;
  void land.jobs.idle;
  const order = land.jobs.dispatched
    .slice(before)
    .filter(({ inputs }) => inputs.enver === 'probe/b..main')
    .map(({ inputs }) => shas.indexOf(inputs.sha));
  const behind = order.filter((at, index) => index > 0 && at < order[index - 1]).length;
  return [
    {
      name: `${WEBHOOKS} webhooks: refused or lost`,
      value: refused.length,
      target: 0,
      met: refused.length === 0,
    },
    { name: 'dispatches of an older commit after a newer one', value: behind, target: 0, met: behind === 0 },
    { name: `${WEBHOOKS} webhooks: taken after`, value: taken / 1000, unit: 's' },
    { name: 'the newest commit is known after', value: known / 1000, unit: 's' },
  ];
}
