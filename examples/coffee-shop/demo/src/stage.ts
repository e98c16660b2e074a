import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Shows what happens, and counts what was claimed. */
export class Stage {
  private steps = 0;
  private claims = 0;
  private readonly began = Date.now();
  private stepBegan = Date.now();

  /** Claims that held so far. */
  get held(): number {
    return this.claims;
  }

  /** Since the start, in seconds. */
  get seconds(): number {
    return (Date.now() - this.began) / 1000;
  }

  step(title: string): void {
    this.endStep();
    this.steps += 1;
    this.stepBegan = Date.now();
    this.say('');
    this.say(styled('bold', `${this.steps}. ${title}`));
  }

  /** Ends the last step: says how long it took. */
  endStep(): void {
    if (this.steps > 0) this.say(styled('dim', `   ${((Date.now() - this.stepBegan) / 1000).toFixed(1)} s`));
  }

  /** A command that a person would type. */
  command(line: string): void {
    this.say(`   ${styled('cyan', `$ ${line}`)}`);
  }

  /** What a command answered. */
  answer(text: string): void {
    for (const line of text.trimEnd().split('\n')) this.say(styled('dim', `     ${line.trimEnd()}`));
  }

  /** Asserts what the demo says it shows. @throws when it does not hold */
  claim(text: string, holds: boolean, seen?: unknown): void {
    if (!holds) {
      this.say(`   ${styled('red', '✗')} ${text}`);
      const detail = typeof seen === 'string' ? seen : JSON.stringify(seen, null, 2);
      throw new Error(`this did not hold: ${text}${seen === undefined ? '' : `\nseen: ${detail}`}`);
    }
    this.claims += 1;
    this.say(`   ${styled('green', '✓')} ${text}`);
  }

  say(line: string): void {
    process.stdout.write(`${line}\n`);
  }
}

export function styled(style: Style, text: string): string {
  const colours = process.stdout.isTTY === true && !process.env.NO_COLOR;
  return colours ? styleText(style, text) : text;
}
