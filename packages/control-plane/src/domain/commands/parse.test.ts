import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Command, parseCommands } from './parse.js';

function one(message: string) {
  const [line] = parseCommands(message);
  return line?.result;
}

describe('parseCommands', () => {
  it.each<[string, Command]>([
    ['odmd: create@main', { verb: 'create', base: 'main' }],
    ['odmd: create@b..main', { verb: 'create', base: 'b..main' }],
    ['odmd: create order-manager@feature/x', { verb: 'create', build: 'order-manager', base: 'feature/x' }],
    ['odmd: create@main expires=72h', { verb: 'create', base: 'main', expiresAfterMs: 259_200_000 }],
    ['odmd: create@main until=pr', { verb: 'create', base: 'main', until: 'pr' }],
    ['odmd: delete', { verb: 'delete' }],
    ['odmd: delete web', { verb: 'delete', build: 'web' }],
    ['odmd: remove', { verb: 'delete' }],
    ['  ODMD:create@main  ', { verb: 'create', base: 'main' }],
    ['odmd: create@功能', { verb: 'create', base: '功能' }],
    ['odmd: create@$(id)', { verb: 'create', base: '$(id)' }],
  ])('reads %j', (text, command) => {
    expect(one(text)).toEqual({ command });
  });

  it('finds lines anywhere in a message, also with CRLF, and says where', () => {
    const lines = parseCommands(
      'Subject\r\n\r\nodmd: delete web\r\ntext odmd: create@x\r\nodmd: create@main\r\n',
    );
    expect(lines.map(({ line, text }) => [line, text])).toEqual([
      [3, 'odmd: delete web'],
      [5, 'odmd: create@main'],
    ]);
  });

  it.each([
    ['odmd: craete@main', 7, 'unknown command "craete"', 'did you mean `create`?'],
    ['odmd: delte', 7, 'unknown command "delte"', 'did you mean `delete`?'],
    ['odmd: frobnicate', 7, 'unknown command "frobnicate"', 'write `odmd: create@'],
    ['odmd:', 6, 'the command is missing', 'write'],
    ['odmd: create', 7, '`create` does not say what to copy', 'write'],
    ['odmd: create@', 14, 'the branch or tag after `@` is missing', 'write'],
    ['odmd: create web', 14, '`create` does not say what to copy', 'write'],
    ['odmd: create@main expires=0h', 19, 'unknown option "expires=0h"', 'expires=72h'],
    ['odmd: create@main expires=soon', 19, 'unknown option "expires=soon"', 'expires=72h'],
    ['odmd: delete@main', 13, '`delete` takes no `@`', 'write'],
    ['odmd: delete a b', 16, 'unexpected "b"', 'write'],
  ])('explains %j', (text, column, message, fix) => {
    expect(one(text)).toEqual({
      problem: { column, message: expect.stringContaining(message), fix: expect.stringContaining(fix) },
    });
  });

  it('never throws, and gives one result per line that starts with odmd:', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (tails) => {
        const message = tails.map((tail) => `odmd:${tail.replace(/[\r\n]/g, ' ')}`).join('\n');
        expect(parseCommands(message)).toHaveLength(tails.length);
      }),
    );
  });

  it('reads back every command it could have written', () => {
    const ref = fc.stringMatching(/^[A-Za-z0-9_./$()-]{1,40}$/).filter((text) => !text.includes('@'));
    fc.assert(
      fc.property(fc.option(fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/)), ref, (build, base) => {
        const text = `odmd: create ${build ?? ''}@${base}`;
        expect(one(build === null ? `odmd: create@${base}` : text)).toEqual({
          command: { verb: 'create', base, ...(build !== null && { build }) },
        });
      }),
    );
  });
});
