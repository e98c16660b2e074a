import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why container images cannot be built on this machine, if so: it takes podman, and rights that not every sandbox gives. */
export function whyNoImages(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'odmd-can-build-'));
  try {
    writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY Dockerfile /\n');
    const storage = [
      '--root',
      join(folder, 'images'),
      '--runroot',
      join(folder, 'run'),
      '--storage-driver',
      'vfs',
    ];
    const build = ['build', '--isolation', 'chroot', '--quiet', folder];
    const { status, stderr, error } = spawnSync('podman', [...storage, ...build], { encoding: 'utf8' });
    if (error) return 'there is no podman (on Debian and Ubuntu: apt-get install podman)';
    return status === 0 ? undefined : `podman cannot build here: ${stderr.trim()}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
