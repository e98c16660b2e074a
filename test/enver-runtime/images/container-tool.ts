import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How the tool was called. */
export interface ToolCall {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * A real tool that builds images without a daemon: podman, which takes the words of `docker`. Here it keeps what it
 * builds in a folder of its own, and finds registries behind a proxy, without TLS.
 */
export class ContainerTool {
  /** The program, for `ODMD_CONTAINER_TOOL`. */
  readonly program: string;
  private readonly folder = mkdtempSync(join(tmpdir(), 'odmd-podman-'));

  /** @param registry host of the registry, @param proxy the address of what leads there */
  constructor(registry: string, proxy: string) {
    mkdirSync(join(this.folder, 'run'));
    const settings = {
      CONTAINERS_STORAGE_CONF: this.write(
        'storage.conf',
        `[storage]\ndriver = "vfs"\nrunroot = "${this.folder}/run"\ngraphroot = "${this.folder}/images"\n`,
      ),
      CONTAINERS_REGISTRIES_CONF: this.write(
        'registries.conf',
        `[[registry]]\nlocation = "${registry}"\ninsecure = true\n`,
      ),
      BUILDAH_ISOLATION: 'chroot',
      HTTP_PROXY: proxy,
      HTTPS_PROXY: proxy,
    };
    const variables = Object.entries(settings).map(([name, value]) => `${name}='${value}'`);
    const record = [
      `const { appendFileSync } = require('node:fs');`,
      `const call = { args: process.argv.slice(1), env: process.env };`,
      `appendFileSync('${this.folder}/calls', JSON.stringify(call) + '\\n');`,
    ].join(' ');
    const lines = [
      '#!/bin/sh',
      `"${process.execPath}" -e "${record.replaceAll('\\', '\\\\')}" -- "$@"`,
      `exec env ${variables.join(' ')} podman "$@"`,
    ];
    this.program = this.write('tool', `${lines.join('\n')}\n`, 0o755);
  }

  /** The calls since the last time. */
  calls(): ToolCall[] {
    const file = join(this.folder, 'calls');
    try {
      const lines = readFileSync(file, 'utf8').trim().split('\n');
      return lines.map((line) => JSON.parse(line) as ToolCall);
    } catch {
      return [];
    } finally {
      rmSync(file, { force: true });
    }
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private write(name: string, text: string, mode = 0o644): string {
    const file = join(this.folder, name);
    writeFileSync(file, text, { mode });
    return file;
  }
}
