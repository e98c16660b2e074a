import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** The version that workflows install. */
const version = '0.1.0';

interface StubPackage {
  readonly name: string;
  /** Programs, as text, by their names. */
  readonly bin: Readonly<Record<string, string>>;
}

/** What is installed in a job: its two commands, as text. */
export interface Toolchain {
  readonly 'odmd-enver': string;
  readonly odmd: string;
}

/** A registry of npm on a free port of 127.0.0.1 that has the packages of these commands and no others. */
export async function startRegistry(
  folder: string,
  { 'odmd-enver': enver, odmd }: Toolchain,
): Promise<{ url: string; server: Server }> {
  const packages = [
    { name: '@ondemandenv/enver-runtime', bin: { 'odmd-enver': enver } },
    { name: '@ondemandenv/cli', bin: { odmd } },
  ];
  const packed = new Map(packages.map((made) => [made.name, { made, tarball: pack(folder, made) }]));
  const server = createServer((request, response) => {
    const [name = '', file] = decodeURIComponent(request.url ?? '')
      .slice(1)
      .split('/-/');
    const found = packed.get(name);
    if (!found) response.writeHead(404).end('{}');
    else if (file) response.end(found.tarball);
    else response.end(JSON.stringify(packument(found.made, `http://${request.headers.host}`)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, server };
}

/** A command that runs a file of JavaScript. */
export function commandOf(file: string): string {
  return `#!/bin/sh\nexec "${process.execPath}" "${file}" "$@"\n`;
}

function packument({ name, bin }: StubPackage, url: string) {
  const dist = { tarball: `${url}/${name}/-/${version}.tgz` };
  return {
    name,
    'dist-tags': { latest: version },
    versions: { [version]: { name, version, bin: paths(bin), dist } },
  };
}

function pack(folder: string, { name, bin }: StubPackage): Buffer {
  const home = join(folder, 'packages', name);
  mkdirSync(join(home, 'package'), { recursive: true });
  for (const [file, text] of Object.entries(bin))
    writeFileSync(join(home, 'package', file), text, { mode: 0o755 });
  writeFileSync(join(home, 'package/package.json'), JSON.stringify({ name, version, bin: paths(bin) }));
  execFileSync('tar', ['-czf', 'package.tgz', 'package'], { cwd: home });
  return readFileSync(join(home, 'package.tgz'));
}

function paths(bin: StubPackage['bin']): Record<string, string> {
  return Object.fromEntries(Object.keys(bin).map((file) => [file, `./${file}`]));
}
