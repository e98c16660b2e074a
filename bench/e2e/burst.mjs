import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';

const WEBHOOKS = 500;
const PATIENCE_MS = 60_000;
const AT_ONCE = 25;
const BUILDS = ['orders', 'billing', 'probe'];
const revision = { kind: 'branch', ref: 'main' };
const enverOf = (build) => `${build}/b..main`;
const deliveryOf = (index) => `burst-${index}.`;

/**
 * Many webhooks at once, of pushes that change three envers in turn, while every job ends as soon as it is dispatched:
 * what each webhook hints at is carried out, the newest change of each enver is dispatched, and none is dispatched with
 * an older commit after a newer one.
 */
export async function burst(land, sendWebhook) {
  const from = land.jobs.dispatched.length;
  const shas = [];
  const newest = {};
  const refused = [];
  const stop = endingJobs(land, from);
  const start = performance.now();
  for (let sent = 0; sent < WEBHOOKS; sent += AT_ONCE) {
    const build = BUILDS[(sent / AT_ONCE) % BUILDS.length];
    const files = { [`${build}/a.txt`]: `burst ${sent}` };
    shas.push(await land.github.push('o/shop', revision, { message: 'a change', files }));
    newest[build] = shas.length - 1;
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) =>
        sendWebhook(
          land,
          'push',
          'o/shop',
          { ref: 'refs/heads/main', after: shas.at(-1) },
          { delivery: deliveryOf(sent + index) },
        ),
      ),
    );
    refused.push(...answers.filter((status) => status !== 202));
  }
  const taken = performance.now() - start;
  const commitsOf = (build) =>
    land.jobs.dispatched
      .slice(from)
      .filter(({ inputs }) => inputs.enver === enverOf(build))
      .map(({ inputs }) => shas.indexOf(inputs.sha));
  await land.until(
    'the newest change of each is dispatched',
    async () => BUILDS.every((build) => commitsOf(build).at(-1) >= newest[build]),
    300,
  );
  const dispatched = performance.now() - start;
  await stop();
  const lost = await neverCarriedOut(land);
  const orders = BUILDS.map(commitsOf);
  const behind = orders.flatMap((order) => order.filter((at, index) => index > 0 && at < order[index - 1]));
  return [
    {
      name: `${WEBHOOKS} webhooks: refused, or never carried out`,
      value: refused.length + lost.length,
      target: 0,
      met: refused.length + lost.length === 0,
    },
    {
      name: `dispatches of ${BUILDS.length} envers meanwhile`,
      value: orders.flat().length,
    },
    {
      name: 'dispatches of an older commit after a newer one',
      value: behind.length,
      target: 0,
      met: behind.length === 0,
    },
    { name: `${WEBHOOKS} webhooks: taken after`, value: taken / 1000, unit: 's' },
    { name: 'the newest change of each enver is dispatched after', value: dispatched / 1000, unit: 's' },
  ];
}

/** The deliveries whose hints the reconciler has not said to have carried out, after some patience. */
async function neverCarriedOut(land) {
  const logs = new CloudWatchLogsClient(land.as('central'));
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const { events = [] } = await logs.send(
      new FilterLogEventsCommand({
        logGroupName: '/odmd/reconciler',
        filterPattern: '"webhook burst-" "carried out"',
      }),
    );
    const said = events.map(({ message }) => message).join('\n');
    const lost = Array.from({ length: WEBHOOKS }, (_, index) => deliveryOf(index)).filter(
      (delivery) => !said.includes(`"origin":"webhook ${delivery}"`),
    );
    if (lost.length === 0 || performance.now() > end) return lost;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** Ends what is dispatched at once, as failed: then the next push is a cause of its own. @returns a way to stop */
function endingJobs(land, from) {
  let stopped = false;
  const work = (async () => {
    for (let next = from; !stopped; ) {
      void land.jobs.idle;
      const job = land.jobs.dispatched[next];
      if (job) {
        next++;
        await land.github.endRun(job.inputs.dispatch, 'failure', [{ name: 'deploy', conclusion: 'failure' }]);
      } else await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  return async () => {
    stopped = true;
    await work;
  };
}
