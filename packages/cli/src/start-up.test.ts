import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MAIN } from './testing/odmd.js';

/** The packages that a module loads before it does anything, by itself or through others of ours. */
function packagesOf(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const imports = readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?:[^'";=]* from )?'([^']+)';$/gm);
  return [...imports].flatMap(([, name = '']) =>
    name.startsWith('.')
      ? packagesOf(join(dirname(file), name), seen)
      : name.startsWith('node:')
        ? []
        : [name],
  );
}

describe('starting odmd', () => {
  it('loads nothing but its parser of the command line, so that help answers at once', () => {
    const seen = new Set<string>();
    expect([...new Set(packagesOf(MAIN, seen))]).toEqual(['commander']);
    expect(seen.size).toBeGreaterThan(15);
  });
});
