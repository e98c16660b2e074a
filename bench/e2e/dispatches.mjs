import { readFileSync } from 'node:fs';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import {
  canonicalJson,
  deployedStatePath,
  dispatchStatePath,
  eventSource,
  productPath,
} from '@ondemandenv/contracts-base';

const PROBE = 'probe/b..main';
const FOUNDATION = 'foundation/b..main';
const CONSUMERS = ['orders/b..main', 'billing/b..main'];
const revision = { kind: 'branch', ref: 'main' };
const LIMIT_MS = 60_000;

/** From a push to its dispatch, and from a product to the dispatches of its consumers. The jobs are played. */
export async function dispatches(land, jobIdentity, samples, progress) {
  land.jobs.accepts = () => false;
  const pushes = await series(samples, progress, 'pushes', (index) => push(land, index));
  await land.github.push('o/foundation', revision, { message: 'start', files: { 'name.txt': 'start' } });
  const manifest = JSON.parse(readFileSync(land.manifestFile, 'utf8'));
  const identity = await jobIdentity(land, manifest.envers[FOUNDATION]);
  const published = await series(samples, progress, 'products', (index) => publish(land, identity, index));
  return [
    ...figures('push → dispatch', pushes),
    ...figures('product → dispatch of both consumers', published),
  ];
}

async function series(samples, progress, what, measure) {
  const measured = [];
  for (let index = 0; index < samples; index++) {
    if (index % 10 === 0) progress(`${what}: ${index} of ${samples}`);
    measured.push(await measure(index));
  }
  return measured;
}

/** A pushed commit, until its job is dispatched; the job fails, so that the next push is a new cause. */
async function push(land, index) {
  const count = counter(land);
  const start = performance.now();
  const files = { 'probe/a.txt': String(index) };
  const sha = await land.github.push('o/shop', revision, { message: 'a change', files });
  const [run] = await dispatched(land, [PROBE], (inputs) => inputs.sha === sha);
  const ms = performance.now() - start;
  const calls = count();
  await land.github.endRun(run.inputs.dispatch, 'failure', [{ name: 'deploy', conclusion: 'failure' }]);
  await land.phases({ [PROBE]: 'failed' });
  await land.calm();
  return { ms, ...calls };
}

/** A new value of a product, published as its job does, until both who use it are dispatched. */
async function publish(land, { central }, index) {
  const name = `queue-${index}`;
  await land.github.push('o/foundation', revision, { message: 'a change', files: { 'name.txt': name } });
  await land.phases({ [FOUNDATION]: 'running' });
  await land.calm();
  const { value } = await land.value(dispatchStatePath(FOUNDATION));
  const before = land.jobs.dispatched.length;
  const put = (Name, Value) =>
    central.ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));
  const count = counter(land);
  const start = performance.now();
  await put(productPath(FOUNDATION, 'queue'), canonicalJson(name));
  await put(deployedStatePath(FOUNDATION), canonicalJson({ dispatchId: value.id, vector: value.vector }));
  const Entries = ['ProductsPublished', 'EnverDeployed'].map((DetailType) => ({
    Source: eventSource(FOUNDATION),
    DetailType,
    Detail: '{}',
    EventBusName: 'arn:aws:events:us-west-1:111111111111:event-bus/odmd',
  }));
  await central.events.send(new PutEventsCommand({ Entries }));
  await land.github.endRun(value.id, 'success', []);
  const runs = await dispatched(land, CONSUMERS, () => true, before);
  const ms = performance.now() - start;
  const calls = count();
  for (const { inputs } of runs)
    await land.github.endRun(inputs.dispatch, 'failure', [{ name: 'deploy', conclusion: 'failure' }]);
  await land.phases(Object.fromEntries(CONSUMERS.map((id) => [id, 'failed'])));
  await land.calm();
  return { ms, ...calls };
}

/** The runs of these envers, when there is one of each. */
async function dispatched(land, envers, isMeant, from = 0) {
  const end = performance.now() + LIMIT_MS;
  while (performance.now() < end) {
    void land.jobs.idle;
    const runs = land.jobs.dispatched.slice(from);
    const found = envers.map((id) => runs.findLast(({ inputs }) => inputs.enver === id && isMeant(inputs)));
    if (found.every((run) => run !== undefined)) return found;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error(`${envers.join(', ')}: not dispatched within ${LIMIT_MS / 1000} s`);
}

/** Calls of the platform from now on. */
function counter(land) {
  const aws = land.aws.decisions().length;
  const github = land.proxy.requests.length;
  return () => ({
    aws: new Set(
      land.aws
        .decisions()
        .slice(aws)
        .filter(({ principal }) => /assumed-role\/odmd-/.test(principal))
        .map(({ request }) => request),
    ).size,
    github: land.proxy.requests.length - github,
  });
}

function figures(what, measured) {
  const part = (key, share) => {
    const sorted = measured.map((one) => one[key]).sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  };
  return [
    { name: `${what}: median of ${measured.length}`, value: part('ms', 0.5), unit: 'ms' },
    { name: `${what}: 95 of 100`, value: part('ms', 0.95), unit: 'ms' },
    { name: `${what}: calls of AWS, median`, value: part('aws', 0.5) },
    { name: `${what}: calls of GitHub, median`, value: part('github', 0.5) },
  ];
}
