import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CENTRAL, FUNCTIONS } from '@ondemandenv/central-stacks';
import { worksOf } from '@ondemandenv/control-plane/github/webhooks';
import { describe, expect, it } from 'vitest';

/*
 * What the guide to the installation says, as far as the sources can tell.
 */

const root = fileURLToPath(new URL('../../', import.meta.url));
const guide = readFileSync(join(root, 'docs/install.md'), 'utf8');
const app = readFileSync(join(root, 'deploy/app.mjs'), 'utf8');

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
    const read = [...app.matchAll(/context\('(\w+)'\)/g)].map(([, name = '']) => name);
    expect(new Set(column('context'))).toEqual(new Set(['manifest', ...read]));
  });

  it('has a manifest for the App with the events that the platform knows', () => {
    const json = guide.split('```json\n')[1]?.split('```')[0] ?? '';
    const manifest = JSON.parse(json) as { default_events: string[]; default_permissions: object };
    // Of an event that it knows the platform wants a payload; any other is nothing to it.
    const isKnown = (event: string) => {
      try {
        worksOf(event, { installation: { id: 1 } }, [1]);
        return false;
      } catch {
        return true;
      }
    };
    expect(manifest.default_events.filter((event) => !isKnown(event))).toEqual([]);
    expect(isKnown('star')).toBe(false);
    const permissions = guide.split('| permission | access |')[1]?.split('\n\n')[0] ?? '';
    for (const name of Object.keys(manifest.default_permissions))
      expect(permissions.toLowerCase()).toContain(`| ${name.replace('_', ' ')} |`);
  });

  it('speaks of what there is: secret, table, topic, stack, functions and files', () => {
    for (const name of [CENTRAL.appSecret, CENTRAL.table, CENTRAL.alarms, CENTRAL.stack])
      expect(guide).toContain(name);
    expect(FUNCTIONS).toContain('api');
    const links = [...guide.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, file = '']) => file);
    expect(links.filter((file) => !existsSync(join(root, 'docs', file)))).toEqual([]);
  });
});
