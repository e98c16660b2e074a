import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ServerProcess } from './server-process.js';

const SERVER = `
const { createServer } = require('node:http');
const { existsSync } = require('node:fs');
process.stdin.on('end', () => process.exit()).resume();
console.log('started with', process.env.WORD);
if (!existsSync('may-serve')) process.exit(1);
const port = Number(process.argv[2]);
createServer(({ url }, response) => response.writeHead(url === '/ready' ? 200 : 404).end()).listen(port, '127.0.0.1');
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'odmd-server-process-'));
  writeFileSync(join(folder, 'server.cjs'), SERVER);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start(before: (start: number) => void = () => {}): Promise<ServerProcess> {
  let starts = 0;
  return ServerProcess.start({
    folder,
    program: process.execPath,
    listeningOn: (port) => {
      before(++starts);
      return { args: ['server.cjs', String(port)], env: { WORD: 'word' } };
    },
    readyAt: '/ready',
  });
}

const allow = () => writeFileSync(join(folder, 'may-serve'), '');

describe('a server in a process of its own', () => {
  it('answers until it is stopped', async () => {
    allow();
    const server = await start();
    expect((await fetch(`${server.url}/ready`)).ok).toBe(true);
    expect(server.log()).toBe('started with word\n');
    await server.stop();
    await expect(fetch(`${server.url}/ready`)).rejects.toThrow('fetch failed');
    await server.stop();
  });

  it('is started again when it does not come up', async () => {
    const server = await start((count) => {
      if (count === 3) allow();
    });
    expect((await fetch(`${server.url}/ready`)).ok).toBe(true);
    await server.stop();
  });

  it('tells what it wrote when it never comes up', async () => {
    await expect(start()).rejects.toThrow(/does not serve:\nstarted with word\n/);
  });
});
