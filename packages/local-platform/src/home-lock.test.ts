import { MemoryKeyValue } from '@ondemandenv/control-plane/memory';
import { expect, test } from 'vitest';
import { lockHome, unlockHome } from './home-lock.js';

test('one platform at a time; a process that is gone, or whose id is used again, holds no lock', () => {
  const kv = new MemoryKeyValue();
  lockHome(kv, '/home');
  expect(() => lockHome(kv, '/home')).toThrow(expect.objectContaining({ code: 'ODMD603', where: '/home' }));
  unlockHome(kv);
  lockHome(kv, '/home');
  kv.set('local/owner', { pid: 2 ** 22 + 1, started: '' });
  lockHome(kv, '/home');
  kv.set('local/owner', { pid: process.pid, started: 'at another time' });
  lockHome(kv, '/home');
});
