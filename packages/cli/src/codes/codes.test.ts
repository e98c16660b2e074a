import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rules } from '@ondemandenv/contracts-base';
import { describe, expect, it } from 'vitest';
import { allCodes, RANGES } from './index.js';
import { referencePage } from './reference-page.js';
import { ruleNotes } from './rules.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** Which package uses which codes in what it publishes. */
function usedCodes(): Map<string, Set<string>> {
  const used = new Map<string, Set<string>>();
  const packages = readdirSync(join(ROOT, 'packages')).map((name) => ({ name, folder: `packages/${name}` }));
  for (const { name, folder } of [...packages, { name: 'lambdas', folder: 'lambdas' }]) {
    const files = readdirSync(join(ROOT, folder, 'src'), { recursive: true, encoding: 'utf8' });
    for (const file of files) {
      if (!file.endsWith('.ts') || /\.test\.ts$|(^|\/)(testing|codes)\//.test(file)) continue;
      const text = readFileSync(join(ROOT, folder, 'src', file), 'utf8');
      for (const [code] of text.matchAll(/ODMD\d{3}/g))
        used.set(code, (used.get(code) ?? new Set()).add(name));
    }
  }
  return used;
}

describe('the catalogue of codes', () => {
  const codes = allCodes();

  it('has every code that a package uses', () => {
    const listed = new Set(codes.map(({ code }) => code));
    expect([...usedCodes().keys()].filter((code) => !listed.has(code))).toEqual([]);
  });

  it('has none that its package does not use', () => {
    const used = usedCodes();
    expect(codes.filter(({ code, package: name }) => !used.get(code)?.has(name))).toEqual([]);
  });

  it('has a note for every rule, and for nothing else', () => {
    expect(rules.map(({ code }) => code)).toEqual(Object.keys(ruleNotes));
  });

  it('has each once, in a range that has a name', () => {
    const all = codes.map(({ code }) => code);
    expect(all.filter((code, index) => all.indexOf(code) !== index)).toEqual([]);
    expect(all.filter((code) => !/^ODMD\d{3}$/.test(code) || RANGES[code[4] ?? ''] === undefined)).toEqual(
      [],
    );
  });

  it('is what the reference page shows', () => {
    const page = readFileSync(join(ROOT, 'docs/reference/codes.md'), 'utf8');
    expect(page, 'write it again with `pnpm run docs`').toBe(referencePage());
  });
});
