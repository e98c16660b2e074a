import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contracts } from '@coffee-shop/contracts';
import { type App, type Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { appOf, orgOf } from './org.js';

/*
 * Every stack of the platform for the example org, those of its envers and of their clones among them, held against the
 * rules of cdk-nag.
 */

const result = contracts.synth();
if (!result.ok) throw new Error('the example is broken');
const org = orgOf(result.manifest);
const folder = mkdtempSync(join(tmpdir(), 'odmd-nag-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Synthesises the platform with the rules, and with a change of it. */
function held(change: (app: App) => void = () => {}): { app: App; said: string } {
  const app = appOf(org, folder);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  change(app);
  const errors = vi.spyOn(console, 'error').mockImplementation(() => {});
  try {
    app.synth();
  } catch (error) {
    return { app, said: String(error) };
  } finally {
    errors.mockRestore();
  }
  return { app, said: '' };
}

const stackOf = (app: App, name: string): Stack => app.node.findChild(name) as Stack;

describe('cdk-nag', () => {
  it('finds nothing in the stacks of the platform', () => {
    const { said } = held();
    expect(said).toBe('');
  });

  it.each<[string, (app: App) => void, string]>([
    ['a bucket', (app) => void new CfnBucket(stackOf(app, 'Central'), 'New'), 'Central/New'],
    [
      'a permission',
      (app) => {
        const role = stackOf(app, 'Enver3').node.findChild('BuildRole') as Role;
        role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: ['arn:aws:sqs:*'] }));
      },
      'Enver3/BuildRole',
    ],
  ])('finds %s that nobody gave a reason for', (_, change, where) => {
    const { said } = held(change);
    expect(said).toContain('AwsSolutions');
    expect(said).toContain(where);
  });

  it('changes no template', () => {
    const templates = ({ app }: { app: App }) =>
      app.synth().stacks.map(({ template }) => JSON.stringify(template));
    const without = appOf(org, folder);
    const before = without.synth().stacks.map(({ template }) => JSON.stringify(template));
    expect(templates(held())).toEqual(before);
  });
});
