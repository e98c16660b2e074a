import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Bench, contractsPackage } from './bench.js';

/*
 * Bad input is answered once, clearly, where the person who caused it looks: in the output of their own `git push`.
 * Nothing else changes.
 */

const contracts = contractsPackage(`
const good = script('good', { destroy: [] });
new Producer(good, 'value', { schema: z.string() });
const bad = script('bad', { destroy: [], timeoutMinutes: 0.15 });
new Producer(bad, 'value', { schema: z.object({ url: z.url() }) });
`);

const publish = (...lines: string[]) =>
  `import { appendFileSync } from 'node:fs';
appendFileSync(process.env.ODMD_OUTPUT, ${JSON.stringify(lines.map((line) => `${line}\n`).join(''))});
`;
const url = 'value={"url":"http://localhost"}';
const fine = publish(url);
const serve = `import { execFileSync } from 'node:child_process';
execFileSync('odmd', ['local', 'service', 'start', 'web', '--', 'node', '-e', 'require("http").createServer((q, r) => r.end()).listen(process.env.PORT, "127.0.0.1")']);
`;

const bench = new Bench('22040-22059');
const hostile = ['$(id)', 'a";id;"', '`id`', '功能', '-_x'];

beforeAll(async () => {
  await bench.start();
  await bench.push('o/contracts', contracts, 'contracts');
  const files = { 'good/deploy.mjs': serve + publish('value=fine'), 'bad/deploy.mjs': fine };
  await bench.push('o/app', files, 'first');
  await bench.settled();
});

afterAll(async () => {
  await bench.dispose();
});

/** What there is of every enver: its phase, what it was built from, its products and its services. */
async function envers() {
  const { envers } = await bench.settled();
  return Object.fromEntries(
    envers.map(({ id, phase, deployed, products, services }) => [
      id,
      { phase, deployed, products, services },
    ]),
  );
}

/** What the push says, and what there was before and is after it. */
async function pushed(files: Record<string, string>, message: string, branch?: string) {
  const before = await envers();
  const said = await bench.push('o/app', files, message, branch);
  return { said, before, after: await envers() };
}

describe('a commit line', () => {
  it('with a typo', async () => {
    const { said, before, after } = await pushed({}, 'work\n\nodmd: craete@main', 'typo');
    expect(said).toMatch(/ODMD301 commit \w{7}, line 3, column 7: unknown command "craete"/);
    expect(said).toContain('did you mean `create`?');
    expect(after).toEqual(before);
  });

  it('that names an unknown base', async () => {
    const { said, before, after } = await pushed({}, 'odmd: create@nowhere', 'unknown-base');
    expect(said).toContain('ODMD304');
    expect(said).toContain('branches and tags that can be copied: main');
    expect(after).toEqual(before);
  });
});

describe.each(hostile)('a branch named %j', (branch) => {
  it('gets its clone and loses it again, like any other', async () => {
    const { said, before, after } = await pushed({}, 'odmd: create good@main', branch);
    const [clone] = Object.keys(after).filter((id) => id.startsWith('good/b..main-_'));
    expect(clone).toMatch(/^good\/b\.\.main-_b\.\.[\w.-]+$/);
    expect(after[clone ?? '']).toMatchObject({ phase: 'deployed', services: [{ state: 'running' }] });
    expect(said).toContain(clone);
    const gone = await pushed({}, 'odmd: delete', branch);
    expect(gone.after).toEqual(before);
  });
});

describe('a job', () => {
  const bad = 'bad/b..main';

  it.each([
    ['crashes', 'process.exitCode = 3; console.error("no milk");', 'no milk'],
    ['hangs past its limit', 'setInterval(() => {}, 1000);', 'limit'],
    ['prints an undeclared product', publish(url, 'tip=5'), 'output tip, line 2'],
    ['prints a value of another type', publish('value={"url":"not an address"}'), 'ODMD533 product value: '],
    ['prints no value', '', 'ODMD532 product value: '],
  ])(
    'that %s',
    async (_what, script, words) => {
      const { said, before, after } = await pushed({ 'bad/deploy.mjs': script }, 'break it');
      expect(said).toContain(words);
      expect(said).not.toContain('not an address');
      expect(after).toEqual({ ...before, [bad]: { ...before[bad], phase: 'failed' } });
      const healed = await pushed({ 'bad/deploy.mjs': `${fine}\n// ${Math.random()}` }, 'heal it');
      expect(healed.after).toMatchObject({ ...before, [bad]: { phase: 'deployed' } });
    },
    40_000,
  );
});

describe('contracts that name an unknown account', () => {
  it('fail their own job, with every violation in the output, and change nothing', async () => {
    const before = await bench.settled();
    const broken = contractsPackage(`
script('good', { account: 'nowhere', destroy: [] });
script('good', { destroy: [], deploy: [] });
`);
    const said = await bench.push('o/contracts', broken, 'broken');
    expect(said).toContain('ODMD101');
    expect(said).toContain('"nowhere"');
    expect(said).toContain('ODMD105');
    expect(said).toContain('ODMD122');
    const after = await bench.settled();
    expect(after.contracts).toEqual(before.contracts);
    expect(after.envers.filter(({ repo }) => repo === 'o/app')).toEqual(
      before.envers.filter(({ repo }) => repo === 'o/app'),
    );
    await bench.push('o/contracts', contracts, 'whole again');
  });
});

describe('a port in use', () => {
  const taken: Server[] = [];
  afterAll(() => {
    for (const server of taken) server.close();
  });

  async function take(port = 0): Promise<number> {
    const server = createServer();
    taken.push(server);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const address = server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  it('by another program is said at the start of the platform', async () => {
    const other = new Bench('22060-22069');
    const port = await take();
    await expect(other.start('--port', String(port))).rejects.toThrow(new RegExp(`ODMD60\\d.*${port}`, 's'));
    await other.dispose();
  });

  it('in the range for services is passed over', async () => {
    await take(22041);
    const { after } = await pushed({ 'bad/deploy.mjs': serve + fine }, 'serve');
    expect(after['bad/b..main']?.phase).toBe('deployed');
    const { envers } = await bench.settled();
    expect(envers.find(({ id }) => id === 'bad/b..main')?.services[0]?.url).toMatch(/:2204[2-9]$/);
  });
});
