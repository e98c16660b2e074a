import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { run } from './program.js';
import { folderWith } from './testing/fixtures.js';
import { MAIN, odmd } from './testing/odmd.js';
import { recordingTerminal } from './testing/recording-terminal.js';

describe('odmd as a process', () => {
  it('prints help with examples and ends with 0', async () => {
    const { code, out, err } = await odmd(['--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^Usage: odmd/);
    expect(out).toContain('Examples:');
  });

  it('prints its version', async () => {
    const out = expect.stringMatching(/^\d+\.\d+\.\d+\n$/);
    expect(await odmd(['--version'])).toEqual({ code: 0, out, err: '' });
  });

  it('ends with 2 on wrong usage', async () => {
    const { code, out, err } = await odmd(['brew']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain("unknown command 'brew'");
  });

  it('is content with a reader that has seen enough', async () => {
    const child = spawn(process.execPath, [MAIN, 'explain'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(err).toBe('');
  });

  it.each(['validate --app missing', 'status', 'local service stop --all'])(
    'ends with 1 and a coded message, never a stack, when it fails: odmd %s',
    async (args) => {
      const { code, out, err } = await odmd(args.split(' '), { cwd: folderWith({}) });
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toMatch(/^ODMD\d{3} .*\n {2}fix: /);
      expect(err).not.toMatch(/^\s+at /m);
    },
  );
});

describe('usage', () => {
  it.each([
    { args: [], says: 'Usage: odmd' },
    { args: ['local', 'brew'], says: "unknown command 'brew'" },
    { args: ['validate', '--strong'], says: "unknown option '--strong'" },
    { args: ['validate', 'a', 'b'], says: 'too many arguments' },
    { args: ['diff'], says: "missing required argument 'old'" },
    { args: ['diff', 'a', 'b', '--fail-on', 'x'], says: 'Use one of breaking, privileged, any, never.' },
    { args: ['diff', 'a', 'b', '--json', '--markdown'], says: 'cannot be used with' },
    { args: ['plan'], says: 'give at least one --product or --source' },
    { args: ['graph', '--format', 'png'], says: 'Allowed choices are mermaid, dot, json, html.' },
    {
      args: ['graph', '--app', '.', '--manifest', 'm.json'],
      says: "cannot be used with option '--app <path>'",
    },
    { args: ['deploy'], says: "missing required argument 'enver'" },
    { args: ['status', '--timeout', 'soon'], says: 'Give a number above 0.' },
    { args: ['sync'], says: "'--force <sha>' not specified" },
    { args: ['local', 'start'], says: "'--contracts-repo <owner/name>' not specified" },
    { args: ['local', 'start', '--contracts-repo', 'tea'], says: 'Write it as owner/name.' },
    { args: ['local', 'start', '--contracts-repo', 'a/b', '--port', '65536'], says: 'Give a port' },
    { args: ['local', 'start', '--contracts-repo', 'a/b', '--service-ports', '9-8'], says: 'Give two ports' },
    { args: ['local', 'events', '--after', '-1'], says: 'Give a whole number.' },
    { args: ['local', 'service', 'start', 'web'], says: "missing required argument 'command'" },
    {
      args: ['local', 'service', 'start', 'web', '--env', '=x', '--', 'node'],
      says: 'Write it as NAME or NAME=value.',
    },
    { args: ['local', 'service', 'stop'], says: 'either the name of a service or --all' },
    { args: ['local', 'service', 'stop', 'web', '--all'], says: 'either the name of a service or --all' },
  ])('refuses odmd $args', async ({ args, says }) => {
    const terminal = recordingTerminal();
    expect(await run(args, terminal)).toBe(2);
    expect(terminal.errors()).toContain(says);
    expect(terminal.text()).toBe('');
  });

  it.each([
    'validate',
    'synth',
    'diff',
    'plan',
    'graph',
    'workflows',
    'explain',
    'init',
    'status',
    'deploy',
    'approve',
    'clone create',
    'clone delete',
    'clone list',
    'retire',
    'sync',
    'local start',
    'local stop',
    'local remote',
    'local log',
    'local events',
    'local service start',
    'local service stop',
  ])('explains odmd %s with an example', async (command) => {
    const terminal = recordingTerminal();
    expect(await run([...command.split(' '), '--help'], terminal)).toBe(0);
    expect(terminal.text()).toMatch(/^Usage: odmd/);
    expect(terminal.text()).toMatch(new RegExp(`Examples?:\\n.*odmd ${command}`));
  });
});
