import type { EnverStatus, PlatformStatus } from '@ondemandenv/local-platform';
import { describe, expect, it } from 'vitest';
import { printEnver, printStatus } from './report.js';
import { recordingTerminal } from './testing/recording-terminal.js';

const WEB: EnverStatus = {
  id: 'web/b..main',
  phase: 'failed',
  busy: false,
  reason: 'run failed with exit code 1\nlast words',
  repo: 'tea/house',
  ref: 'refs/heads/main',
  waitsFor: ['kettle/b..main'],
  conditions: [{ type: 'GateOpened', message: 'kettle/b..main did not move', since: 1 }],
  approvals: [
    {
      path: '/odmd-share/k/b..main/x',
      version: '2#cd',
      state: 'requested',
      roots: [],
      at: 1,
      approvers: ['work/Boss'],
    },
  ],
  deployed: {
    at: Date.UTC(2026, 0, 2, 3, 4, 5),
    sha: 'a'.repeat(40),
    inputs: { '/odmd-share/k/b..main/x': '1#ab' },
  },
  products: [{ name: 'api', version: 3 }],
  services: [{ name: 'web', url: 'http://127.0.0.1:24000', state: 'running', pid: 42 }],
  history: [{ at: Date.UTC(2026, 0, 2, 3, 4, 5), text: 'deployed' }],
};

const REPORT: PlatformStatus = {
  org: 'tea-house',
  contracts: { sha: 'b'.repeat(40), serial: 7, digest: 'c'.repeat(64) },
  busy: false,
  repos: [],
  envers: [WEB, { ...idle(), id: 'cup/b..main' }],
};

function idle(): EnverStatus {
  const { deployed: _, ...rest } = WEB;
  return {
    ...rest,
    phase: 'idle',
    reason: '',
    services: [],
    products: [],
    waitsFor: [],
    conditions: [],
    approvals: [],
    history: [],
  };
}

describe('odmd status', () => {
  it('shows every enver in a line', () => {
    const terminal = recordingTerminal();
    printStatus(terminal, REPORT);
    expect(terminal.text()).toBe(
      [
        'tea-house: contracts bbbbbbb (serial 7)',
        '',
        'ENVER        PHASE   REASON                                    SOURCE   URL',
        'web/b..main  failed  GateOpened: run failed with exit code 1…  aaaaaaa  http://127.0.0.1:24000',
        'cup/b..main  idle                                              -        -',
        '',
      ].join('\n'),
    );
  });

  it('says that nothing is there yet', () => {
    const terminal = recordingTerminal();
    printStatus(terminal, { ...REPORT, org: null, contracts: null, busy: true, envers: [] });
    expect(terminal.text()).toBe('no org: no contracts yet, busy\n');
  });

  it('colours phases on a terminal only', () => {
    const terminal = recordingTerminal({ colour: true });
    printStatus(terminal, REPORT);
    expect(terminal.text()).toContain('\u001b[31mfailed\u001b[39m');
  });

  it('shows one enver with all that is known of it', () => {
    const terminal = recordingTerminal();
    printEnver(terminal, WEB);
    expect(terminal.text()).toBe(
      [
        'web/b..main  failed',
        '  reason     run failed with exit code 1',
        '             last words',
        '  source     tea/house refs/heads/main',
        '  waits for  kettle/b..main',
        '  conditions GateOpened: kettle/b..main did not move',
        '  approvals  k/b..main/x 2#cd requested: `odmd approve` by work/Boss',
        '  deployed   aaaaaaa at 2026-01-02T03:04:05.000Z',
        '  inputs     /odmd-share/k/b..main/x 1#ab',
        '  products   api version 3',
        '  services   web http://127.0.0.1:24000 running, pid 42',
        '  history    03:04:05 deployed',
        '',
      ].join('\n'),
    );
  });
});
