import { existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeManifest } from '@ondemandenv/contracts-base';
import { workflowFiles } from '@ondemandenv/workflow-gen';
import { describe, expect, it } from 'vitest';
import { folderWith } from '../testing/fixtures.js';
import { enver, manifest } from '../testing/manifests.js';
import { odmdHere } from '../testing/odmd.js';

const ORG = {
  ...manifest(enver('kettle'), enver('cup', [], { kind: 'cdk', repo: { owner: 'Tea', name: 'cups' } })),
  regions: ['eu-north-1'],
};
const KETTLE = '.github/workflows/ODMD_kettle-script-eu-north-1-work.yaml';
const CUP = '.github/workflows/ODMD_cup-cdk-eu-north-1-work.yaml';
const OLD = '.github/workflows/ODMD_old-cdk-eu-north-1-work.yaml';

/** A folder with the manifest, and a way to run the command there. */
function shop(org = ORG) {
  const cwd = folderWith({ 'manifest.json': writeManifest(org) });
  const file = (name: string) => join(cwd, name);
  const put = (name: string, text: string) => {
    mkdirSync(dirname(file(name)), { recursive: true });
    writeFileSync(file(name), text);
  };
  const run = (...args: string[]) => odmdHere(['workflows', '--manifest', 'manifest.json', ...args], { cwd });
  return { file, put, run, text: (name: string) => readFileSync(file(name), 'utf8') };
}

const states = (out: string) =>
  (JSON.parse(out) as { files: { path: string; state: string }[] }).files.map(
    ({ path, state }) => `${state} ${path.split('/').at(-1)}`,
  );

describe('odmd workflows', () => {
  it('writes the files of every repository into a folder of its own', async () => {
    const { run, text, file } = shop();
    const { code, out, err } = await run('--out', 'out');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`written: tea/house ${KETTLE}\n`);
    expect(out).toMatch(/4 files, 0 as they should be\n$/);
    for (const { repo, path, content } of workflowFiles(ORG))
      expect(text(`out/${repo.owner}/${repo.name}/${path}`)).toBe(content);
    expect(existsSync(file('out/Tea/cups/.github/workflows'))).toBe(true);
  });

  it('writes those of one repository straight into the folder, however its name is written', async () => {
    const { run, text, file } = shop();
    expect((await run('--repo', 'tea/CUPS', '--out', '.')).code).toBe(0);
    expect(text(CUP)).toBe(workflowFiles(ORG).find(({ path }) => path === CUP)?.content);
    expect(existsSync(file(KETTLE))).toBe(false);
  });

  it('does not touch a file that is as it should be', async () => {
    const { run, file } = shop();
    await run('--out', 'out');
    const kettle = file(`out/tea/house/${KETTLE}`);
    utimesSync(kettle, 1000, 1000);
    const { out } = await run('--out', 'out');
    expect(out).toBe('4 files, 4 as they should be\n');
    expect(statSync(kettle).mtimeMs).toBe(1_000_000);
  });

  it('lists generated files that are no longer wanted, and removes them when it is told to', async () => {
    const { run, put, file, text } = shop();
    await run('--repo', 'tea/house', '--out', '.');
    put(OLD, text(KETTLE));
    put('.github/workflows/ci.yaml', 'name: ci\n');
    const listed = await run('--repo', 'tea/house', '--out', '.');
    expect(listed).toMatchObject({
      code: 0,
      out: expect.stringContaining(`no longer wanted: tea/house ${OLD}\n`),
    });
    expect(existsSync(file(OLD))).toBe(true);
    const pruned = await run('--repo', 'tea/house', '--out', '.', '--prune');
    expect(pruned.out).toContain(`removed: tea/house ${OLD}\n`);
    expect(existsSync(file(OLD))).toBe(false);
    expect(text('.github/workflows/ci.yaml')).toBe('name: ci\n');
  });

  it('finds those of a repository that nothing is built from any more', async () => {
    const { run, text } = shop();
    await run('--out', '.');
    const { put, run: runAgain } = shop({
      ...ORG,
      envers: manifest(enver('kettle')).envers,
      repos: {
        ...ORG.repos,
        cups: { owner: 'Tea', name: 'cups' },
      },
    });
    put(`Tea/cups/${CUP}`, text(`Tea/cups/${CUP}`));
    expect((await runAgain('--out', '.', '--json')).out).toContain('"unwanted"');
  });
});

describe('odmd workflows --check', () => {
  it('is content with what odmd workflows wrote', async () => {
    const { run } = shop();
    await run('--out', 'out');
    expect(await run('--out', 'out', '--check')).toMatchObject({
      code: 0,
      out: '4 files, 4 as they should be\n',
    });
  });

  it('ends with 1 and the list of what is not as it should be, and writes nothing', async () => {
    const { run, put, file, text } = shop();
    await run('--repo', 'tea/house', '--out', '.');
    const healthy = text(KETTLE);
    const teardown = '.github/workflows/ODMD_kettle-script-eu-north-1-work.teardown.yaml';
    put(KETTLE, `${healthy}# changed by hand\n`);
    put(OLD, healthy);
    put(teardown, text(teardown).replaceAll('\n', '\r\n'));
    const { code, out } = await run('--repo', 'tea/house', '--out', '.', '--check', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ ok: false });
    expect(states(out)).toEqual([
      'different ODMD_kettle-script-eu-north-1-work.teardown.yaml',
      'different ODMD_kettle-script-eu-north-1-work.yaml',
      'unwanted ODMD_old-cdk-eu-north-1-work.yaml',
    ]);
    expect(text(KETTLE)).toContain('# changed by hand');
    const missing = await run('--out', 'nowhere', '--check');
    expect(missing).toMatchObject({ code: 1, out: expect.stringContaining(`missing: Tea/cups ${CUP}\n`) });
    expect(existsSync(file('nowhere'))).toBe(false);
  });
});

describe('odmd workflows refuses', () => {
  it('contracts without regions, and says what to declare', async () => {
    const { regions: _, ...without } = ORG;
    const { code, out, err } = await shop(without as typeof ORG).run('--out', 'out');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^ODMD801 .*\n {2}fix: declare regions on Contracts/);
  });

  it('a repository that the contracts do not have', async () => {
    const { err } = await shop().run('--out', '.', '--repo', 'tea/pot');
    expect(err).toMatch(/^ODMD730 tea\/pot: .*\n {2}fix: use one of tea\/house, Tea\/cups/);
  });

  it('to overwrite what was not generated', async () => {
    const { run, put, text } = shop();
    put(KETTLE, 'name: mine\n');
    expect(await run('--repo', 'tea/house', '--out', '.')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^ODMD731 .*ODMD_kettle/),
    });
    expect(text(KETTLE)).toBe('name: mine\n');
  });

  it('a place that is no folder', async () => {
    const { run, put } = shop();
    put('.github/workflows', 'a file\n');
    expect(await run('--repo', 'tea/house', '--out', '.')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^ODMD732 /),
    });
  });

  it.each([
    [['--out', '.', '--check', '--prune'], 'cannot be used with'],
    [['--out', '.', '--repo', 'tea'], 'Write it as owner/name.'],
    [[], "'--out <dir>' not specified"],
  ])('%j', async (args, says) => {
    expect(await shop().run(...args)).toMatchObject({ code: 2, err: expect.stringContaining(says) });
  });
});
