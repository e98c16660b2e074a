import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cloneRevisionPath, type EnverEntry, OdmdError, Revision } from '@ondemandenv/contracts-base';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shop } from '../testing/shop.js';
import { EnverApp, EnverStack } from './index.js';

const { orders, foundation } = shop;
// The CDK's own validation of templates takes seconds; this is not its test.
process.env.CDK_VALIDATION = 'false';

const MAIN = 'orders/b..main';
const CLONE = `orders/${cloneRevisionPath(Revision.branch('main'), Revision.branch('feature/x'))}`;

let folder: string;
let said: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'odmd-cdk-'));
  said = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function app(env: Record<string, string> = {}): EnverApp {
  const surroundings = { env, cwd: folder, say: (line: string) => said.push(line) };
  return new EnverApp(orders, { surroundings, nag: false, outdir: join(folder, 'out') });
}

function failure(action: () => unknown): OdmdError {
  try {
    action();
  } catch (error) {
    if (error instanceof OdmdError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

function git(...args: string[]): void {
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], {
    cwd: folder,
    stdio: 'pipe',
  });
}

function checkout(branch: string, remote = 'git@github.com:coffee/orders.git'): void {
  git('init', '--quiet', '--initial-branch', branch);
  git('commit', '--quiet', '--allow-empty', '--message', 'first');
  git('remote', 'add', 'origin', remote);
}

/** As `odmd-enver resolve` writes it. */
function resolved(
  inputs: Record<string, unknown>,
  entry: EnverEntry = app({ ODMD_ENVER: MAIN }).entry,
): void {
  const content = { enver: entry.id, dispatch: 'd1', inputs, entry };
  writeFileSync(join(folder, 'odmd.inputs.json'), JSON.stringify(content));
}

describe('the enver at hand', () => {
  it('is the one that ODMD_ENVER names', () => {
    expect(app({ ODMD_ENVER: MAIN }).entry).toMatchObject({
      id: MAIN,
      stacks: ['orders--main', 'orders--main--data'],
    });
  });

  it('may be a clone, of the branch in ODMD_REVISION or of the one that is checked out', () => {
    const clone = app({ ODMD_ENVER: CLONE, ODMD_REVISION: 'feature/x' });
    expect(clone.entry).toMatchObject({ id: CLONE, cloneOf: MAIN, ephemeral: true });
    expect(clone.entry.stacks).not.toContain('orders--main');
    checkout('feature/x');
    expect(app({ ODMD_ENVER: CLONE }).entry).toEqual(clone.entry);
  });

  it.each([
    ['main', MAIN],
    ['feature/x', CLONE],
  ])('is that of the branch %s that is checked out', (branch, id) => {
    checkout(branch, 'https://github.com/Coffee/orders');
    expect(app().entry.id).toBe(id);
  });

  it('is nobody on another branch, in another repository, or outside of one', () => {
    expect(failure(app)).toMatchObject({ code: 'ODMD570', where: 'no branch, no remote origin' });
    checkout('elsewhere');
    const error = failure(app);
    expect(error).toMatchObject({ code: 'ODMD570', where: 'branch elsewhere, remote coffee/orders' });
    expect(error.fix).toContain('branch main of coffee/orders');
    // What Node prints when nobody catches it.
    expect(error.stack).toMatch(/^ODMD570 branch elsewhere, .*\n {2}fix: set ODMD_ENVER/);
    expect(error.stack).not.toContain('node:internal');
    git('branch', '--move', 'main');
    git('remote', 'set-url', 'origin', 'git@github.com:other/orders.git');
    expect(failure(app).code).toBe('ODMD570');
  });

  it('is not one of another build, nor one that the contracts do not have', () => {
    for (const id of ['foundation/b..main', 'orders/b..none', CLONE])
      expect(failure(() => app({ ODMD_ENVER: id }))).toMatchObject({
        code: 'ODMD571',
        where: `ODMD_ENVER=${id}`,
      });
  });
});

describe('an input', () => {
  const values = { bus: 'real-bus', source: 'real', limits: { orders: 3 }, digest: 'sha256:0', image: 'a/b' };

  it('is the resolved value, and nothing else in a job', () => {
    resolved(values);
    const job = app({ ODMD_ENVER: MAIN, ODMD_DISPATCH: 'd1' });
    expect(job.input(orders.bus)).toBe('real-bus');
    const { orders: limit } = job.input(orders.limits);
    expect(limit + 1).toBe(4);
    expect(said).toEqual([]);
  });

  it('is missing, not an example, when the applied contracts do not have it', () => {
    resolved({});
    expect(failure(() => app({ ODMD_ENVER: MAIN }).input(orders.bus)).code).toBe('ODMD573');
  });

  it('is of its type, and its value is not repeated', () => {
    resolved({ ...values, limits: { orders: 'secret' } });
    const error = failure(() => app({ ODMD_ENVER: MAIN }).input(orders.limits));
    expect(error).toMatchObject({
      code: 'ODMD574',
      message: 'it is not of its type: invalid_type at /orders',
    });
  });

  it('is the placeholder or else the example offline, which is said once', () => {
    const offline = app({ ODMD_ENVER: MAIN });
    expect(offline.input(orders.source)).toBe('shop.placeholder');
    expect(offline.input(orders.bus)).toBe('example-bus');
    expect(offline.input(orders.digest)).toMatch(/^sha256:0+$/);
    expect(offline.input(orders.image)).toBe('444444444444.dkr.ecr.us-west-1.amazonaws.com/images/main/api');
    expect(said).toHaveLength(1);
  });

  it('makes a stack that CloudFormation refuses when it is an example, not when it is a placeholder', () => {
    const rules = (consumer: typeof orders.bus | typeof orders.source) => {
      const offline = app({ ODMD_ENVER: MAIN });
      const stack = new EnverStack(offline);
      new Topic(stack, 'Topic', { displayName: offline.input(consumer) });
      return Template.fromStack(stack).toJSON().Rules;
    };
    expect(rules(orders.source)).toBeUndefined();
    expect(rules(orders.bus)).toHaveProperty('OdmdExamples');
  });

  it('is never an example in a job that has not resolved', () => {
    expect(failure(() => app({ ODMD_ENVER: MAIN, ODMD_DISPATCH: 'd1' })).code).toBe('ODMD514');
    expect(failure(() => app({ ODMD_ENVER: MAIN, ODMD_INPUTS: '/nowhere' })).code).toBe('ODMD514');
    writeFileSync(join(folder, 'odmd.inputs.json'), '{');
    expect(failure(() => app({ ODMD_ENVER: MAIN })).code).toBe('ODMD514');
  });

  it('is not that of another enver', () => {
    resolved(values);
    expect(failure(() => app({ ODMD_ENVER: CLONE, ODMD_REVISION: 'feature/x' }))).toMatchObject({
      code: 'ODMD514',
      message: `the inputs are those of ${MAIN}, not of ${CLONE}`,
    });
  });
});

describe('a stack', () => {
  it('has the name, the place, the tags and the artifact bucket of the contract', () => {
    const stack = new EnverStack(app({ ODMD_ENVER: CLONE, ODMD_REVISION: 'feature/x' }), 'data');
    new Topic(stack, 'Topic');
    expect(stack.stackName).toMatch(/^orders-.*--data$/);
    expect([stack.account, stack.region]).toEqual(['444444444444', 'us-west-1']);
    Template.fromStack(stack).hasResourceProperties('AWS::SNS::Topic', {
      Tags: [
        { Key: 'app', Value: 'coffee' },
        { Key: 'odmd:build', Value: 'orders' },
        { Key: 'odmd:cost-centre', Value: 'cc-1' },
        { Key: 'odmd:owner', Value: 'team-orders' },
        { Key: 'odmd:revision', Value: 'feature/x' },
      ],
    });
    expect(stack.synthesizer.bootstrapQualifier).toBeDefined();
  });

  it.each(['$(id)', 'a";id;"', '`id`', '$\u007b{github.token}}', '功能', `feature/${'x'.repeat(240)}`])(
    'of the branch %s has legal names and tags',
    (ref) => {
      const id = `orders/${cloneRevisionPath(Revision.branch('main'), Revision.branch(ref))}`;
      const stack = new EnverStack(app({ ODMD_ENVER: id, ODMD_REVISION: ref }));
      new Topic(stack, 'Topic');
      expect(stack.stackName).toMatch(/^[A-Za-z][A-Za-z0-9-]{0,127}$/);
      const [topic] = Object.values(Template.fromStack(stack).findResources('AWS::SNS::Topic'));
      const tags: { Key: string; Value: string }[] = topic?.Properties.Tags;
      expect(tags).toHaveLength(5);
      for (const { Value } of tags) expect(Value).toMatch(/^[\p{L}\p{N} _.:/=+\-@]{1,256}$/u);
    },
  );

  it('is one that the contract has', () => {
    expect(failure(() => new EnverStack(app({ ODMD_ENVER: MAIN }), 'other'))).toMatchObject({
      code: 'ODMD575',
      where: 'stack other',
    });
  });
});

describe('an output', () => {
  const stackOf = () => new EnverStack(app({ ODMD_ENVER: MAIN }));

  it('carries the product as text, or as JSON when its type is no text', () => {
    const stack = stackOf();
    const topic = new Topic(stack, 'Topic');
    stack.output(orders.api, { url: `https://${topic.topicName}/`, stage: 'live' });
    stack.output(orders.table, 'a-table');
    stack.output(orders.table.children.stream, topic.topicArn);
    const outputs = Object.values(
      Template.fromStack(stack).toJSON().Outputs as Record<string, { Value: unknown }>,
    );
    expect(outputs.map(({ Value }) => Value)).toMatchObject([
      { 'Fn::Join': ['', ['{"url":"https://', expect.anything(), '/","stage":"live"}']] },
      'a-table',
      { Ref: expect.stringMatching(/^Topic/) },
    ]);
  });

  it('is a product of the enver, once, of its type', () => {
    const stack = stackOf();
    stack.output(orders.table, 'a-table');
    expect(failure(() => stack.output(orders.table, 'again')).message).toBe('it is put out twice');
    expect(failure(() => stack.output(foundation.bus, 'bus')).message).toBe(
      'it belongs to foundation/b..main',
    );
    expect(failure(() => stack.output(orders.api, { url: 'no url', stage: 'live' })).code).toBe('ODMD576');
  });
});
