import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLogin } from './registry-login.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'odmd-home-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const login = { host: 'r.example:5000', auth: 'QVdTOng=' };

async function configFor(own: unknown): Promise<unknown> {
  mkdirSync(join(home, '.docker/contexts'), { recursive: true });
  if (own !== undefined) writeFileSync(join(home, '.docker/config.json'), JSON.stringify(own));
  let content: unknown;
  await withLogin({ HOME: home }, login, async ({ DOCKER_CONFIG = '', REGISTRY_AUTH_FILE = '' }) => {
    expect(REGISTRY_AUTH_FILE).toBe(join(DOCKER_CONFIG, 'config.json'));
    expect(statSync(REGISTRY_AUTH_FILE).mode & 0o777).toBe(0o600);
    expect(statSync(DOCKER_CONFIG).mode & 0o777).toBe(0o700);
    expect(existsSync(join(DOCKER_CONFIG, 'contexts'))).toBe(true);
    content = JSON.parse(readFileSync(REGISTRY_AUTH_FILE, 'utf8'));
  });
  return content;
}

describe('the login of a registry', () => {
  it.each([
    ['nothing', undefined, {}],
    ['other logins', { auths: { x: { auth: 'a' } }, currentContext: 'c' }, { currentContext: 'c' }],
    ['an old one', { auths: { [login.host]: { auth: 'old' } }, credHelpers: { [login.host]: 'old' } }, {}],
  ])('stands beside %s', async (_, own, kept) => {
    const config = await configFor(own);
    expect(config).toMatchObject({ auths: { [login.host]: { auth: login.auth } }, credHelpers: {}, ...kept });
    if (own && 'currentContext' in own) expect(config).toMatchObject({ auths: { x: { auth: 'a' } } });
  });

  it('wins over a store of passwords, for its registry alone', async () => {
    expect(await configFor({ credsStore: 'desktop', credHelpers: { y: 'z' } })).toEqual({
      credsStore: 'desktop',
      credHelpers: { y: 'z', [login.host]: '' },
      auths: { [login.host]: { auth: login.auth } },
    });
  });

  it('goes, whatever happens, and leaves what the person has', async () => {
    mkdirSync(join(home, '.docker'));
    writeFileSync(join(home, '.docker/config.json'), '{"auths":{}}');
    writeFileSync(join(home, '.docker/other'), 'kept');
    let folder = '';
    const failing = withLogin({ HOME: home }, login, async ({ DOCKER_CONFIG = '' }) => {
      folder = DOCKER_CONFIG;
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(existsSync(folder)).toBe(false);
    expect(readFileSync(join(home, '.docker/config.json'), 'utf8')).toBe('{"auths":{}}');
    expect(readFileSync(join(home, '.docker/other'), 'utf8')).toBe('kept');
  });
});
