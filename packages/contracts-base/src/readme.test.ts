import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contracts } from './readme-example.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

describe('the README’s example', () => {
  it('is the file that the compiler has checked', () => {
    const [, shown] = /```ts\n(.*?)```/s.exec(readme) ?? [];
    expect(shown).toBe(readFileSync(new URL('./readme-example.ts', import.meta.url), 'utf8'));
  });

  it('breaks no rule', () => {
    expect(contracts.synth()).toMatchObject({ ok: true, warnings: [] });
  });
});
