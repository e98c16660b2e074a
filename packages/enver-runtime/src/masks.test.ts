import { expect, it } from 'vitest';
import { maskCommands } from './masks.js';

it('hides values and the texts inside them, line by line, each once', () => {
  const nested = { url: 'https://a.example', list: ['secret-1', 'x', 4711, null, true] };
  expect(maskCommands(['secret-1', 'first line\r\n100% of it\nx', nested, 12])).toEqual([
    '::add-mask::secret-1',
    '::add-mask::first line',
    '::add-mask::100%25 of it',
    '::add-mask::{"list":["secret-1","x",4711,null,true],"url":"https://a.example"}',
    '::add-mask::https://a.example',
  ]);
});

it('hides nothing that is everywhere', () => {
  expect(maskCommands(['main', 7, '', null])).toEqual([]);
});
