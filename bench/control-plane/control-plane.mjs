import { productPath } from '@ondemandenv/contracts-base';
import { growthExponent } from '../statistics.mjs';
import { org, REPO, ROOT, range, TIP } from './org.mjs';
import { Platform } from './platform.mjs';

const ENVERS = 4000;
const FAN_OUTS = [1, 10, 100];
const DIAMONDS = [10, 50];
const SIZES = [100, 1000, 10_000];
const RECONCILES = 50;
const ROUNDS = 40;

/** What the control plane's decisions cost, in calls of its ports: those are what a cloud charges and limits. */
export async function controlPlane(progress) {
  const notes = [];
  const figures = [
    ...(await unchangedSync(progress)),
    ...(await fanOuts(progress, notes)),
    ...(await diamonds(progress)),
    ...(await growth(progress)),
  ];
  return { about: 'calls of ports per operation, on the adapters in memory', figures, notes };
}

async function unchangedSync(progress) {
  progress(`sync of ${ENVERS} envers`);
  const platform = new Platform();
  await platform.publish(org({ parents: 0, others: ENVERS - 2 }));
  const { writes, all } = await platform.count(() => platform.plane.handle({ kind: 'sync' }));
  return [
    { name: `writes of an unchanged sync of ${ENVERS} envers`, value: writes, ...met(writes, 0) },
    { name: 'its calls in all', value: all },
  ];
}

/** One product changes, and k envers that consume it are deployed anew. */
async function fanOuts(progress, notes) {
  const figures = [];
  for (const consumers of FAN_OUTS) {
    progress(`product with ${consumers} consumers`);
    const platform = await deployed({ parents: consumers });
    await platform.push(REPO, { 'root/f': '2' });
    await platform.job(ROOT, { out: 'changed' });
    const event = await platform.count(() =>
      platform.plane.productsPublished([productPath(ROOT, 'out')], 'event'),
    );
    // The end of the producer's job marks its consumers and enqueues them.
    const end = await platform.count(() => platform.plane.handle({ kind: 'enver', id: ROOT }));
    const rest = await platform.count(() => platform.rest());
    const started = [...platform.ports.source.runs.values()].filter(
      ({ status }) => status.state !== 'ended',
    ).length;
    if (started !== consumers) throw new Error(`${started} of ${consumers} consumers were dispatched`);
    const fanOut = event.all + end.all;
    figures.push(
      {
        name: `${consumers} consumers: calls until each is marked and handed over`,
        value: fanOut,
        ...met(fanOut, 2 + 2 * consumers),
      },
      {
        name: `${consumers} consumers: calls of each from there to its dispatch`,
        value: rest.all / consumers,
      },
    );
    if (consumers === FAN_OUTS.at(-1))
      notes.push(`until dispatch, per consumer of ${consumers}: ${perConsumer(rest.kinds, consumers)}`);
  }
  return figures;
}

function perConsumer(kinds, consumers) {
  return kinds
    .filter(([, count]) => count >= consumers / 2)
    .map(([kind, count]) => `${kind} ${(count / consumers).toFixed(1)}`)
    .join(', ');
}

async function diamonds(progress) {
  const figures = [];
  for (const parents of DIAMONDS) {
    progress(`diamond of ${parents} parents`);
    const platform = await deployed({ parents, tip: true });
    await platform.push(REPO, { 'root/f': '2' });
    const tip = (await platform.endAll('2')).get(TIP) ?? 0;
    if (tip === 0) throw new Error('the change did not reach the tip');
    figures.push({
      name: `a diamond of ${parents} parents: deployments of its tip (naive: ${parents})`,
      value: tip,
      ...met(tip, 1),
    });
  }
  return figures;
}

/** The same few envers are reconciled in ever larger orgs. */
async function growth(progress) {
  const points = [];
  for (const size of SIZES) {
    progress(`reconcile in an org of ${size} envers`);
    const platform = await deployed({ parents: 3, tip: true, others: size - 6 });
    const { all } = await platform.count(() => platform.plane.handle({ kind: 'enver', id: TIP }));
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now();
      for (let n = 0; n < RECONCILES; n++) await platform.plane.handle({ kind: 'enver', id: TIP });
      best = Math.min(best, performance.now() - start);
    }
    points.push({ size, calls: all, time: best / RECONCILES });
  }
  const [small, large] = [points[0], points.at(-1)];
  const exponent = growthExponent(points);
  return [
    {
      name: `calls of a reconcile, ${large.size} to ${small.size} envers`,
      value: large.calls / small.calls,
      ...met(large.calls / small.calls, 1),
    },
    ...points.map(({ size, calls }) => ({ name: `calls of a reconcile among ${size} envers`, value: calls })),
    ...points.map(({ size, time }) => ({
      name: `reconciles per second among ${size} envers`,
      value: 1000 / time,
      ratio: small.time / time,
    })),
    {
      name: 'growth of its time with the org (0: none)',
      value: exponent,
      ...met(exponent, 0.1),
    },
  ];
}

/** A platform on which all that is measured is deployed once. */
async function deployed(shape) {
  const platform = new Platform();
  await platform.publish(org(shape));
  const folders = ['root', 'tip', ...range(shape.parents).map((n) => `parent${n}`)];
  await platform.push(REPO, Object.fromEntries(folders.map((folder) => [`${folder}/f`, '1'])));
  await platform.endAll('1');
  return platform;
}

function met(value, target) {
  return { target, met: value <= target };
}
