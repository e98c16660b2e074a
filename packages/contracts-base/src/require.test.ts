import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The built package, as `tsc --build` leaves it. */
const built = fileURLToPath(new URL('../dist/index.js', import.meta.url));

describe('the built package', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'contracts-base-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('can be required by CommonJS, which nothing with a top-level await can', () => {
    const script = join(folder, 'app.cjs');
    writeFileSync(
      script,
      `const { Contracts, Build, stackName } = require(${JSON.stringify(built)});
       const contracts = new Contracts('org', { accounts: {}, repos: { r: { owner: 'o', name: 'r' } } });
       new Build(contracts, 'b', { repo: 'r' });
       const { ok, errors } = contracts.synth();
       console.log(JSON.stringify({ ok, codes: errors.map(({ code }) => code), stack: stackName('b/b..main') }));`,
    );
    const printed = execFileSync(process.execPath, [script], { encoding: 'utf8' });
    expect(JSON.parse(printed)).toEqual({ ok: false, codes: ['ODMD109'], stack: 'b--main' });
  });
});
