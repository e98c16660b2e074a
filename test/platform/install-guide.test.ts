import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CENTRAL, FUNCTIONS } from '@ondemandenv/central-stacks';
import { KNOWN_EVENTS } from '@ondemandenv/control-plane/github/webhooks';
import { describe, expect, it } from 'vitest';
import { PERMISSIONS } from '../github/seed.js';

/*
 * What the guide to the installation says, as far as the sources can tell.
 */

const root = fileURLToPath(new URL('../../', import.meta.url));
const guide = readFileSync(join(root, 'docs/install.md'), 'utf8');
const source = readFileSync(join(root, 'deploy/app.mjs'), 'utf8');

/** The manifest of the GitHub App. */
const app: {
  readonly default_events: readonly string[];
  readonly default_permissions: Readonly<Record<string, string>>;
} = JSON.parse(guide.split('```json\n')[1]?.split('```')[0] ?? '');

/** The first column of the table that begins with this heading, without its quotes. */
function column(heading: string): string[] {
  const [, table = ''] = guide.split(`| ${heading} |`);
  const rows = table.split('\n').slice(2);
  const end = rows.findIndex((row) => !row.startsWith('|'));
  return rows
    .slice(0, end)
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
}

describe('the guide to the installation', () => {
  it('names every setting of the CDK app, and no other', () => {
    const read = [...source.matchAll(/context\('(\w+)'\)/g)].map(([, name = '']) => name);
    expect(new Set(column('context'))).toEqual(new Set(['manifest', ...read]));
  });

  it('has a manifest for the App with exactly the events that the platform reads', () => {
    // Those are sent to every App, and cannot be chosen.
    const chosen = KNOWN_EVENTS.filter((event) => !event.startsWith('installation'));
    expect([...app.default_events].sort()).toEqual([...chosen].sort());
  });

  it('has the permissions that the tests of the platform get by with, and says what each is for', () => {
    // GitHub's emulator has no branch protection that is hidden from Apps without it; nothing else needs it.
    const { administration, ...needed } = app.default_permissions;
    expect(administration).toBe('read');
    expect(needed).toEqual(PERMISSIONS);
    const [, table = ''] = guide.split('| permission | access | what for |\n');
    const rows = table.split('\n\n')[0]?.split('\n').slice(1) ?? [];
    const said = rows.map((row) =>
      row
        .split('|')
        .slice(1, 3)
        .map((cell) => cell.trim().toLowerCase()),
    );
    expect(Object.fromEntries(said.map(([name = '', access]) => [name.replace(' ', '_'), access]))).toEqual(
      app.default_permissions,
    );
  });

  it('speaks of what there is: secret, table, topic, stack, functions and files', () => {
    for (const name of [CENTRAL.appSecret, CENTRAL.table, CENTRAL.alarms, CENTRAL.stack])
      expect(guide).toContain(name);
    expect(FUNCTIONS).toContain('api');
    const links = [...guide.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, file = '']) => file);
    expect(links.filter((file) => !existsSync(join(root, 'docs', file)))).toEqual([]);
  });
});
