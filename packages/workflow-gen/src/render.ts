import type { ActionStep, Job, Permissions, ScriptStep, Workflow } from './model.js';
import { type StepReference, type Text, written } from './text.js';
import { block, commented, literal, mapping, print, sequence, text, type Yaml } from './yaml.js';

/**
 * A workflow as the text of its file. Each field is written here by its name; what a caller names (variables, inputs of
 * actions) is written as it is. The same workflow gives the same bytes.
 */
export function render(workflow: Workflow): string {
  const header = workflow.header.map((line) => `# ${line.replace(/[^\x20-\x7e]/g, '?')}\n`).join('');
  const document = mapping(
    ['name', text(written(workflow.name))],
    ['run-name', text(written(workflow.runName))],
    ['on', mapping(['workflow_dispatch', mapping(['inputs', inputs(workflow.inputs)])])],
    // A job has what it says of itself and no more.
    ['permissions', mapping()],
    [
      'concurrency',
      mapping(
        ['group', text(written(workflow.concurrencyGroup))],
        // A deployment that was started is never cut off by the next.
        ['cancel-in-progress', literal(false)],
      ),
    ],
    ['jobs', mapping(...workflow.jobs.map((job) => [job.id, renderJob(job)] as const))],
  );
  return header + print(document);
}

function inputs(all: Workflow['inputs']): Yaml {
  return mapping(
    ...all.map(({ name, description, required }): [string, Yaml] => [
      name,
      mapping(
        ['description', text(description)],
        ['type', text('string')],
        ['required', literal(required)],
        ['default', required ? undefined : text('')],
      ),
    ]),
  );
}

function renderJob(job: Job): Yaml {
  return mapping(
    ['name', text(written(job.name))],
    ['runs-on', text(job.runsOn)],
    ['timeout-minutes', literal(job.timeoutMinutes)],
    ['permissions', permissions(job.permissions)],
    ['env', named(job.env)],
    // `bash` says pipefail too; the default does not.
    ['defaults', mapping(['run', mapping(['shell', text('bash')])])],
    ['steps', sequence(job.steps.map((step) => ('action' in step ? actionStep(step) : scriptStep(step))))],
  );
}

function permissions({ contents, idToken, packages }: Permissions): Yaml {
  return mapping(['contents', text(contents)], ['id-token', text(idToken)], ['packages', text(packages)]);
}

function actionStep({ name, action, with: given }: ActionStep): Yaml {
  return mapping(
    ['name', text(written(name))],
    ['uses', commented(`${action.name}@${action.sha}`, action.version)],
    ['with', named(given)],
  );
}

function scriptStep({ name, id, when, env, script }: ScriptStep): Yaml {
  return mapping(
    ['name', text(written(name))],
    ['id', id === undefined ? undefined : text(id)],
    ['if', when === undefined ? undefined : text(condition(when))],
    ['env', env === undefined ? undefined : named(env)],
    ['run', block(written(script))],
  );
}

function condition({ later, of }: NonNullable<ScriptStep['when']>): string {
  const outputs = of.map((step) => `${later ? '' : '!'}steps.${step}.outputs.later`);
  return `\${{ ${outputs.join(later ? ' || ' : ' && ')} }}`;
}

/** A map of a caller: its keys are not ours to change. */
function named(map: Readonly<Record<string, Text<StepReference>>>): Yaml {
  return mapping(
    ...Object.entries(map).map(([name, content]): [string, Yaml] => [name, text(written(content))]),
  );
}
