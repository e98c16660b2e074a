import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { productPath } from '@ondemandenv/contracts-base';
import { enverEntry } from '@ondemandenv/contracts-base/testing';
import { loadTests, root } from '../load.mjs';

const COMMAND = join(root, 'packages/enver-runtime/dist/odmd-enver.js');
const INPUTS = [0, 1, 10, 23];
const PRODUCTS = 23;
const CHANGED = 3;
const STARTS = 15;
const MAX_MEGABYTES = 3;
const MAX_HELP_MS = 300;

/** What the command of a job costs: calls of AWS, on the emulator with its policies enforced, and its start. */
export async function runtime(progress) {
  progress('start of the command');
  const start = startFigures();
  progress('calls of AWS');
  const notes = [
    'Of the fixed calls one reads the contract entry (S3), and one the state of dispatch and deployment, which shares',
    'its batch of ten names with products; one more write is that state. Assuming roles, 2 calls of STS, is not counted.',
  ];
  return { about: 'odmd-enver in a job', figures: [...(await callFigures()), ...start], notes };
}

async function callFigures() {
  const { World, AwsJob } = await loadTests('enver-runtime', { World: 'world', AwsJob: 'aws-job' });
  const world = await World.start();
  const jobs = [];
  const jobOf = async (entry) => {
    const job = await AwsJob.of(world, entry);
    jobs.push(job);
    return job;
  };
  try {
    return [...(await resolveFigures(world, jobOf)), ...(await publishFigures(world, jobOf))];
  } finally {
    for (const job of jobs) await job.close();
    await world.stop();
  }
}

async function resolveFigures(world, jobOf) {
  const producer = enverEntry({ build: 'producer', products: products('producer', Math.max(...INPUTS)) });
  await world.add(producer);
  for (const { path } of producer.products) await world.store(path, '"v"');
  const figures = [];
  for (const count of INPUTS) {
    const consumes = producer.products
      .slice(0, count)
      .map(({ name, ...product }) => ({ ...product, id: name, from: producer.id, onChange: 'deploy' }));
    const entry = enverEntry({ build: `consumer-${count}`, consumes });
    await world.add(entry);
    await world.dispatch(entry);
    const calls = await counted(await jobOf(entry), 'resolve');
    figures.push({
      name: `resolve of ${count} inputs: calls`,
      value: total(calls),
      ...met(total(calls), Math.ceil(count / 10) + 2),
    });
  }
  return figures;
}

async function publishFigures(world, jobOf) {
  const entry = enverEntry({ build: 'publisher', products: products('publisher', PRODUCTS) });
  await world.add(entry);
  await world.dispatch(entry);
  for (const { path } of entry.products) await world.store(path, '"old"');
  const job = await jobOf(entry);
  const put = (changed) =>
    job.write(
      'outputs',
      entry.products.map(({ name }, index) => `${name}=${index < changed ? 'new' : 'old'}\n`).join(''),
    );
  put(CHANGED);
  const some = await counted(job, 'publish');
  const none = await counted(job, 'publish');
  const reads = total(none) - writesOf(none) - eventsOf(none);
  return [
    {
      name: `publish of ${PRODUCTS} unchanged products: reads`,
      value: reads,
      ...met(reads, Math.ceil(PRODUCTS / 10) + 2),
    },
    { name: 'its writes', value: writesOf(none), ...met(writesOf(none), 0) },
    { name: 'its calls for events', value: eventsOf(none), ...met(eventsOf(none), 0) },
    {
      name: `publish of ${CHANGED} changed of ${PRODUCTS} products: writes`,
      value: writesOf(some),
      ...met(writesOf(some), CHANGED + 1),
    },
    { name: 'its calls for events', value: eventsOf(some), ...met(eventsOf(some), 1) },
  ];
}

function startFigures() {
  const size = statSync(COMMAND).size / 1e6;
  const bare = fastestMs(['-e', '0']);
  const help = fastestMs([COMMAND, '--help']);
  return [
    { name: 'size of the command', value: size, unit: 'MB', ...met(size, MAX_MEGABYTES) },
    { name: 'start of node alone', value: bare, unit: 'ms' },
    {
      name: 'odmd-enver --help',
      value: help,
      unit: 'ms',
      ratio: help / bare,
      ...met(help, MAX_HELP_MS),
    },
  ];
}

function fastestMs(args) {
  const times = Array.from({ length: STARTS }, () => {
    const begin = performance.now();
    const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
    if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`);
    return performance.now() - begin;
  });
  // Others may work on the machine: the fastest start is the one that they disturbed least.
  return Math.min(...times);
}

function products(build, count) {
  return Array.from({ length: count }, (_, index) => {
    const name = `p${index}`;
    return {
      name,
      path: productPath(`${build}/b..main`, name),
      kind: 'value',
      schema: { type: 'string' },
    };
  });
}

async function counted(job, step) {
  job.wire.counts();
  const { code, stderr } = await job.step(step);
  if (code !== 0) throw new Error(`${step} ended with ${code}: ${stderr}`);
  return job.wire.counts();
}

function total(calls) {
  return Object.values(calls).reduce((sum, count) => sum + count, 0);
}

function writesOf(calls) {
  return calls.PutParameter ?? 0;
}

function eventsOf(calls) {
  return calls.PutEvents ?? 0;
}

function met(value, target) {
  return { target, met: value <= target };
}
