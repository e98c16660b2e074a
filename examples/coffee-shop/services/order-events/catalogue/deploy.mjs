import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const REPOSITORY = 'https://github.com/coffee-shop/order-events';
const { ODMD_INPUT_EVENTS, ODMD_OUTPUT, ODMD_REVISION } = process.env;
const events = JSON.parse(ODMD_INPUT_EVENTS);

const schemas = schemasOf(events);
const page = readFileSync('README.md', 'utf8');
const missing = Object.keys(schemas).filter((name) => !page.includes(`\n## ${name}\n`));
if (missing.length > 0) throw new Error(`the README says nothing of ${missing.join(', ')}`);

writeFileSync('order-events.json', `${JSON.stringify(schemas, null, 2)}\n`);
const url = `${REPOSITORY}/blob/${encodeURIComponent(ODMD_REVISION)}/catalogue/README.md`;
appendFileSync(ODMD_OUTPUT, `schemas=order-events.json\nurl=${url}\n`);

/** The schemas in the very package that was published. */
function schemasOf({ name, version, integrity }) {
  const folder = mkdtempSync(join(tmpdir(), 'events-'));
  try {
    const to = ['--silent', '--pack-destination', folder];
    execFileSync('npm', ['pack', `${name}@${version}`, ...to], { stdio: ['ignore', 'ignore', 'inherit'] });
    const [file = ''] = readdirSync(folder);
    const [algorithm, expected] = integrity.split(/-(.*)/s);
    const found = createHash(algorithm)
      .update(readFileSync(join(folder, file)))
      .digest('base64');
    if (found !== expected) throw new Error(`${name}@${version} is not what was published`);
    execFileSync('tar', ['-xzf', file, 'package/schemas.json'], { cwd: folder });
    return JSON.parse(readFileSync(join(folder, 'package/schemas.json'), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
