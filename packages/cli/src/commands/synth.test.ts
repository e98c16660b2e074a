import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readManifest } from '@ondemandenv/contracts-base';
import { describe, expect, it } from 'vitest';
import { BROKEN, BROKEN_CODES, folderWith, GOOD } from '../testing/fixtures.js';
import { odmd } from '../testing/odmd.js';

describe('odmd synth', () => {
  it('writes the manifest, the same bytes every time', async () => {
    const cwd = folderWith({ 'contracts.mjs': GOOD });
    const { code, out } = await odmd(['synth', '--app', 'contracts.mjs'], { cwd });
    expect(code).toBe(0);
    expect(out).toMatch(/^\.odmd\/manifest\.json: tea-house, 3 envers, sha256 [0-9a-f]{12}\n$/);
    const bytes = readFileSync(join(cwd, '.odmd/manifest.json'), 'utf8');
    expect(Object.keys(readManifest(bytes).envers)).toEqual([
      'contracts/b..main',
      'cup/b..main',
      'kettle/b..main',
    ]);

    const again = await odmd(['synth', '--app', 'contracts.mjs', '--out', 'again/deeper', '--json'], { cwd });
    const file = join(cwd, 'again/deeper/manifest.json');
    expect(readFileSync(file, 'utf8')).toBe(bytes);
    const digest = createHash('sha256').update(bytes).digest('hex');
    expect(JSON.parse(again.out)).toEqual({ ok: true, org: 'tea-house', file, digest, warnings: [] });
  });

  it('writes nothing when a rule is broken, and says every violation', async () => {
    const cwd = folderWith({ 'contracts.mjs': BROKEN });
    const { code, out, err } = await odmd(['synth', '--app', 'contracts.mjs'], { cwd });
    expect(code).toBe(1);
    expect(out).toBe('');
    for (const broken of BROKEN_CODES) expect(err).toContain(broken);
    expect(existsSync(join(cwd, '.odmd'))).toBe(false);
  });
});
