import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { entry, product } from './testing/entries.js';
import { TestJob } from './testing/job.js';

/* Kinds that publish to a registry, on a platform of one machine. */
vi.setConfig({ testTimeout: 60_000 });

let job: TestJob;
afterEach(() => job.close());

describe('on a platform that is called over HTTP', () => {
  it('a package is packed, and published to no registry but one on this machine', async () => {
    const contract = { kind: 'npmPackage', package: { name: '@coffee/events' } } as const;
    job = await TestJob.start(entry({ ...contract, products: [product('package', { type: 'object' })] }));
    // Whoever asks this registry fails.
    job.variables.npm_config_registry = 'http://registry.invalid';
    await writeFile(
      join(job.folder, 'package.json'),
      JSON.stringify({ name: '@coffee/events', version: '1.0.0', files: ['dist'] }),
    );
    await mkdir(join(job.folder, 'dist'));
    job.dispatch();
    await job.step('resolve');
    const ran = await job.step('run');
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    expect(ran.stderr).toContain(
      '@coffee/events@1.0.0 is packed and not published: its registry is not on this machine',
    );
    expect(await job.step('publish')).toMatchObject({ code: 0 });
    expect(job.server.newest(product('package').path)).toMatchObject({
      name: '@coffee/events',
      version: '1.0.0',
      integrity: expect.stringMatching(/^sha512-/),
    });
  });

  it('an image cannot be kept', async () => {
    job = await TestJob.start(entry({ kind: 'containerImage' }));
    job.dispatch();
    await job.step('resolve');
    expect(await job.step('run')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^ODMD580 .*: this platform keeps no container images\n {2}fix: /),
    });
  });
});
