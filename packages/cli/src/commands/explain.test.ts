import { describe, expect, it } from 'vitest';
import { odmdHere } from '../testing/odmd.js';

const explain = (...args: string[]) => odmdHere(['explain', ...args]);

describe('odmd explain', () => {
  it.each(['ODMD101', 'odmd101', '101'])('explains the rule %s', async (code) => {
    expect((await explain(code)).out).toBe(
      `ODMD101 Every enver names an account of the contracts
  error, reported by @ondemandenv/contracts-base
  why: The platform deploys only into accounts whose number it knows.
  fix: Use a name of the contracts' \`accounts\`, or declare the account there.
`,
    );
  });

  it('explains the codes of every package, as JSON too', async () => {
    expect((await explain('ODMD511')).out).toContain('no failure, try again later');
    expect(JSON.parse((await explain('ODMD705', '--json')).out)).toMatchObject({
      code: 'ODMD705',
      package: 'cli',
      severity: 'error',
    });
  });

  it('lists all', async () => {
    const { out } = await explain();
    const codes = JSON.parse((await explain('--json')).out).map(({ code }: { code: string }) => code);
    expect(out.match(/^ODMD\d{3}/gm)).toEqual(codes);
  });

  it.each([
    ['ODMD719', /did you mean ODMD71\d, ODMD71\d, ODMD71\d\?/],
    ['menu', /a code is ODMD and three digits/],
  ])('helps with %s, which is none', async (code, hint) => {
    const found = await explain(code);
    expect(found).toMatchObject({ code: 1, out: '' });
    expect(found.err).toMatch(new RegExp(`^ODMD712 ${code}: there is no such code\n  fix: `));
    expect(found.err).toMatch(hint);
  });
});
