import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { parse } from 'yaml';
import { ACTIONS } from './actions.js';
import type { Job, ScriptStep, Workflow } from './model.js';
import { render } from './render.js';
import { expression } from './testing/expression.js';
import { value, written } from './text.js';

const any = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    'a: b',
    '- x',
    "'",
    '"',
    '\n',
    '#',
    '*',
    '!',
    'on',
    '1',
    'x\n  injected: true',
    expression('github.token'),
  ),
);
const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,9}$/);
const map = fc.dictionary(fc.oneof(name, any), any, { noNullPrototype: true, maxKeys: 4 });

const script: fc.Arbitrary<ScriptStep> = fc.record(
  { name: any, script: any, id: name, env: map },
  { requiredKeys: ['name', 'script'] },
);
const job: fc.Arbitrary<Job> = fc.record({
  id: name,
  name: any,
  runsOn: any,
  permissions: fc.record({
    contents: fc.constant('read' as const),
    idToken: fc.constant('write' as const),
    packages: fc.constantFrom('read' as const, 'write' as const),
  }),
  timeoutMinutes: fc.integer({ min: 1, max: 360 }),
  env: map,
  steps: fc.tuple(script, fc.record({ name: any, action: fc.constant(ACTIONS.checkout), with: map })),
});
const workflow: fc.Arbitrary<Workflow> = fc.record({
  header: fc.tuple(any, any),
  name: any,
  runName: any,
  inputs: fc.uniqueArray(fc.record({ name, description: any, required: fc.boolean() }), {
    selector: (input) => input.name,
    maxLength: 3,
  }),
  concurrencyGroup: any,
  jobs: fc.tuple(job),
});

const allWritten = (map: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(map).map(([key, content]) => [key, written(content)]));

describe('a rendered workflow', () => {
  it('says what the model says and nothing else, whatever its strings are', () => {
    fc.assert(
      fc.property(workflow, (model) => {
        const [only] = model.jobs;
        const [first, second] = only.steps;
        expect(parse(render(model))).toEqual({
          name: written(model.name),
          'run-name': written(model.runName),
          on: {
            workflow_dispatch: {
              inputs: Object.fromEntries(
                model.inputs.map(({ name, description, required }) => [
                  name,
                  { description, type: 'string', required, ...(!required && { default: '' }) },
                ]),
              ),
            },
          },
          permissions: {},
          concurrency: { group: written(model.concurrencyGroup), 'cancel-in-progress': false },
          jobs: {
            [only.id]: {
              name: written(only.name),
              'runs-on': only.runsOn,
              'timeout-minutes': only.timeoutMinutes,
              permissions: { contents: 'read', 'id-token': 'write', packages: only.permissions.packages },
              env: allWritten(only.env),
              defaults: { run: { shell: 'bash' } },
              steps: [scriptAsRead(first), actionAsRead(second)],
            },
          },
        });
      }),
      { numRuns: 400 },
    );
  });

  it('is the same bytes for the same model', () => {
    fc.assert(
      fc.property(workflow, (model) => render(model) === render(structuredClone(model))),
      {
        numRuns: 100,
      },
    );
  });

  it('writes conditions and references', () => {
    const steps: Job['steps'] = [
      { name: 'a', id: 'a', script: 'true' },
      {
        name: 'b',
        when: { later: false, of: ['a', 'x'] },
        env: { A_b: [value('runner.temp'), '/o'] },
        script: 'true',
      },
      { name: 'c', when: { later: true, of: ['a', 'x'] }, script: 'true' },
    ];
    const [sample] = fc.sample(workflow, { numRuns: 1, seed: 1 });
    if (!sample) throw new Error('unreachable: one was asked for');
    const text = render({ ...sample, jobs: [{ ...sample.jobs[0], steps }] });
    expect(text).toContain(`if: '${expression('!steps.a.outputs.later && !steps.x.outputs.later')}'`);
    expect(text).toContain(`if: '${expression('steps.a.outputs.later || steps.x.outputs.later')}'`);
    expect(text).toContain(`A_b: '${expression('runner.temp')}/o'`);
  });
});

describe('the model', () => {
  it('has no job without permissions or a time limit, nor one whose script has a reference in it', () => {
    expectTypeOf<Omit<Job, 'permissions'>>().not.toExtend<Job>();
    expectTypeOf<Omit<Job, 'timeoutMinutes'>>().not.toExtend<Job>();
    expectTypeOf<ScriptStep['script']>().toEqualTypeOf<string>();
    expectTypeOf<Job>().toExtend<Job>();
  });
});

function scriptAsRead(step: Job['steps'][0] | undefined) {
  if (!step || 'action' in step) throw new Error('unreachable: the model has a script here');
  const { name, id, env, script } = step;
  return {
    name: written(name),
    ...(id !== undefined && { id }),
    ...(env && { env: allWritten(env as Record<string, string>) }),
    run: written(script),
  };
}

function actionAsRead(step: Job['steps'][number] | undefined) {
  if (!step || !('action' in step)) throw new Error('unreachable: the model has an action here');
  const { sha } = step.action;
  return {
    name: written(step.name),
    uses: `actions/checkout@${sha}`,
    with: allWritten(step.with as Record<string, string>),
  };
}
