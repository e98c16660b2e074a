import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SOURCE = fileURLToPath(new URL('..', import.meta.url));

it('nothing but this folder loads the CDK: jobs of other services go without it', () => {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' });
  const others = files.filter((file) => file.endsWith('.ts') && !/^(cdk|testing)\/|\.test\.ts$/.test(file));
  expect(others).toContain('main.ts');
  const loads = (file: string) =>
    /(from|import\() ?'(aws-cdk-lib|cdk-nag|\.\.?\/cdk\/)/.test(readFileSync(join(SOURCE, file), 'utf8'));
  expect(others.filter(loads)).toEqual([]);
  expect(loads('cdk/enver-app.ts')).toBe(true);
});
