import { type Manifest, type ManifestRepo, OdmdError } from '@ondemandenv/contracts-base';
import { render } from './render.js';
import { type Target, targetsOf } from './target.js';
import { deployFile, deployWorkflow, teardownFile, teardownWorkflow } from './workflows.js';

/** A file that a repository of the org has to have, the same on every branch. */
export interface WorkflowFile {
  readonly repo: ManifestRepo;
  /** In the repository, with forward slashes. */
  readonly path: string;
  readonly content: string;
}

/**
 * Every workflow file of an org, sorted by repository and path: for each build, account and region one that deploys and
 * one that tears down.
 *
 * @throws OdmdError ODMD801, ODMD802, ODMD803 (see `targetsOf`) · ODMD804 two files of one name in a repository
 */
export function workflowFiles(manifest: Manifest): WorkflowFile[] {
  const files = targetsOf(manifest).flatMap(filesOf);
  const seen = new Map<string, WorkflowFile>();
  for (const file of files) {
    // The file systems of some people do not tell the cases apart.
    const name = placeOf(file).toLowerCase();
    const other = seen.get(name);
    if (other) throw collision(file, other);
    seen.set(name, file);
  }
  return files.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
}

/** What one target needs in its repository. */
export function filesOf(target: Target): [deploy: WorkflowFile, teardown: WorkflowFile] {
  const { repo } = target;
  return [
    { repo, path: deployFile(target), content: render(deployWorkflow(target)) },
    { repo, path: teardownFile(target), content: render(teardownWorkflow(target)) },
  ];
}

function placeOf({ repo, path }: WorkflowFile): string {
  return `${repo.owner}/${repo.name}/${path}`;
}

function collision(file: WorkflowFile, other: WorkflowFile): OdmdError {
  const names = file.path === other.path ? file.path : `${other.path} and ${file.path}`;
  return new OdmdError('ODMD804', `two workflow files would have the name ${names}`, {
    where: `repository ${file.repo.owner}/${file.repo.name}`,
    fix: 'rename a build or an account in the contracts',
  });
}
