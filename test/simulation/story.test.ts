import { expect, it } from 'vitest';
import { story } from './story.js';

it('tells the life of an org with the reasons of the platform', async () => {
  const lines: string[] = [];
  for await (const line of story()) lines.push(line.trim());
  const happens = (...texts: (string | RegExp)[]) => {
    let from = 0;
    for (const text of texts) {
      const at = lines.findIndex(
        (line, n) => n >= from && (text instanceof RegExp ? text.test(line) : line === text),
      );
      expect(at, `${text} after ${lines[from - 1]}`).toBeGreaterThanOrEqual(from);
      from = at + 1;
    }
  };
  happens(
    'foundation/b..main running: first deployment',
    'web/b..main waiting: needs manager/b..main/api, processor/b..main/api',
    /^foundation\/b\.\.main running: its source \w{7} → \w{7}$/,
    'manager/b..main running: foundation/b..main/menu 1 → 2',
    'processor/b..main running: foundation/b..main/menu 1 → 2',
    'web/b..main waiting: behind processor/b..main',
    'web/b..main running: manager/b..main/api 1 → 2; processor/b..main/api 1 → 2',
    'manager/b..main-_b..espresso running: first deployment',
    /^web\/b\.\.main-_b\.\.espresso deployed/,
    'manager/b..main-_b..espresso failed: step deploy: exit code 1',
    'web/b..main-_b..espresso blocked: manager/b..main-_b..espresso failed',
    /^web\/b\.\.main-_b\.\.espresso running: its source .*; manager\/b\.\.main-_b\.\.espresso\/api 1 → 2$/,
    /^web\/b\.\.main-_b\.\.espresso deployed/,
    'manager/b..main-_b..espresso deleting: after web/b..main-_b..espresso, which still uses its products',
    'web/b..main-_b..espresso is gone',
    'manager/b..main-_b..espresso is gone',
    'processor/b..main-_b..espresso is gone',
  );
  expect(lines.at(-1)).toBe('processor/b..main-_b..espresso is gone');
});
