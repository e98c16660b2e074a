import { describe, expect, it } from 'vitest';
import { count, shortened, styled, table } from './output.js';
import { recordingTerminal } from './testing/recording-terminal.js';

describe('output', () => {
  it('aligns columns, and ends no line in spaces', () => {
    const terminal = recordingTerminal();
    table(
      terminal,
      ['A', 'LONG'],
      [
        [{ text: 'wide cell' }, { text: 'x', style: 'red' }],
        [{ text: 'b' }, { text: '' }],
      ],
    );
    expect(terminal.text()).toBe('A          LONG\nwide cell  x\nb\n');
  });

  it('styles text without moving columns', () => {
    const terminal = recordingTerminal({ colour: true });
    table(terminal, ['A', 'B'], [[{ text: 'ok', style: 'green' }, { text: 'x' }]]);
    expect(terminal.text()).toContain('\u001b[32mok\u001b[39m  x\n');
  });

  it('styles nothing where colours are off', () => {
    expect(styled(recordingTerminal(), 'red', 'text')).toBe('text');
  });

  it('shortens to one line of the given width', () => {
    expect(shortened('short', 5)).toBe('short');
    expect(shortened('longer', 5)).toBe('long…');
    expect(shortened('two\nlines', 20)).toBe('two…');
  });

  it('counts in words', () => {
    expect([count(0, 'error'), count(1, 'error'), count(2, 'error')]).toEqual([
      '0 errors',
      '1 error',
      '2 errors',
    ]);
  });
});
