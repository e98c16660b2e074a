import { execFileSync } from 'node:child_process';
import type { Inside } from './plugin.js';

/** Writes the archive as it goes, as the action that uploads artifacts does: sizes come after the contents. */
const ZIP = `
import json, sys, zipfile
with zipfile.ZipFile(sys.stdout.buffer, 'w', zipfile.ZIP_DEFLATED) as archive:
    for name, content in json.load(sys.stdin).items():
        archive.writestr(name, content)
`;

/** A zip archive of these files, made by Python. */
export function zipOf(files: Readonly<Record<string, string>>): Buffer {
  return execFileSync('python3', ['-c', ZIP], { input: JSON.stringify(files) });
}

/** The contents of artifacts, of which the emulator has the list only. */
export class Artifacts {
  private readonly archives = new Map<number, Buffer>();

  constructor(
    private readonly inside: Inside,
    url: () => string,
  ) {
    inside.routes.get('/repos/:owner/:repo/actions/artifacts/:id/zip', (context) => {
      if (!this.archives.has(Number(context.req.param('id'))))
        return context.json({ message: 'Not Found' }, 404);
      // GitHub has them elsewhere, too.
      return context.redirect(`${url()}/artifact-contents/${context.req.param('id')}`);
    });
    inside.routes.get('/artifact-contents/:id', (context) => {
      const archive = this.archives.get(Number(context.req.param('id')));
      const headers = { 'content-type': 'application/zip' };
      return new Response(archive && new Uint8Array(archive), { headers });
    });
  }

  /** Keeps an archive as a run of a pull request's commit would. */
  keep(repo: string, sha: string, name: string, archive: Buffer, size = archive.length): void {
    const { repos, workflowRuns, artifacts } = this.inside.store;
    const repo_id = repos.all().find(({ full_name }) => full_name === repo)?.id;
    const at = new Date().toISOString();
    const run = workflowRuns.insert({ repo_id, head_sha: sha, event: 'pull_request', status: 'completed' });
    const times = { created_at: at, expires_at: at };
    const about = { node_id: '', repo_id, run_id: run.id, expired: false, ...times };
    this.archives.set(artifacts.insert({ ...about, name, size_in_bytes: size }).id, archive);
  }
}
