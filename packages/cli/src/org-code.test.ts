import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith, GOOD } from './testing/fixtures.js';
import { type Ended, odmd } from './testing/odmd.js';

/** What `odmd validate` and `odmd synth` say of a module. */
async function said(text: string): Promise<{ cwd: string; ended: Ended[] }> {
  const cwd = folderWith({ 'contracts.mjs': text });
  const app = ['--app', 'contracts.mjs'];
  return {
    cwd,
    ended: await Promise.all([odmd(['validate', ...app], { cwd }), odmd(['synth', ...app], { cwd })]),
  };
}

describe('what an org does in its contracts, odmd reports', () => {
  it.each([0, 13])('the end of the process, with exit code %i', async (code) => {
    const { cwd, ended } = await said(`${GOOD}\nprocess.exit(${code});\n`);
    const line = GOOD.split('\n').length + 1;
    for (const one of ended)
      expect(one).toEqual({
        code: 1,
        out: '',
        err: `ODMD708 ${join(cwd, `contracts.mjs:${line}`)}: the contracts end the process, with exit code ${code}
  fix: remove the \`process.exit()\`: contracts declare, and nothing else\n`,
      });
  });

  it('the end of the process, while they are checked', async () => {
    const { ended } = await said(`${GOOD}\ncontracts.node.addValidation({ validate: () => process.exit(0) });
contracts.synth = () => process.exit(0);\n`);
    for (const one of ended)
      expect(one).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^ODMD708 /) });
  });

  it('the end of the process, as JSON', async () => {
    const cwd = folderWith({ 'contracts.mjs': 'process.exit(0);' });
    const { code, out, err } = await odmd(['validate', '--app', 'contracts.mjs', '--json'], { cwd });
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(JSON.parse(out)).toMatchObject({ ok: false, errors: [{ code: 'ODMD708' }] });
  });

  it('a wait for what never comes', async () => {
    const { cwd, ended } = await said(`${GOOD}\nawait new Promise(() => {});\n`);
    for (const one of ended)
      expect(one).toEqual({
        code: 1,
        out: '',
        err: expect.stringMatching(
          `^ODMD709 ${join(cwd, 'contracts.mjs')}: the contracts never finish loading\n  fix: .*\n$`,
        ),
      });
  });

  it.each([
    "setTimeout(() => { throw new Error('cold') }); await new Promise(() => {});",
    "Promise.reject(new Error('cold')); await new Promise(() => {});",
  ])('an error that nothing handles: %s', async (text) => {
    const { cwd, ended } = await said(`\n${text}`);
    for (const one of ended) {
      expect(one).toMatchObject({ code: 1, out: '' });
      expect(one.err).toMatch(
        `ODMD702 ${join(cwd, 'contracts.mjs:2')}: the contracts do not load: cold\n  fix: `,
      );
      expect(one.err).not.toMatch(/^\s+at /m);
    }
  });
});
