import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './bundle.mjs';

/** One schedule by which a mutant is caught. */
export interface KnownSchedule {
  readonly seed: number;
  readonly profile: string;
}

/** By name of the mutant. They are found by a search, and found again when schedules are generated in another way. */
export type KnownSchedules = Readonly<Record<string, KnownSchedule>>;

const file = join(root, 'test/simulation/mutant-schedules.json');

export function readKnown(): KnownSchedules {
  return JSON.parse(readFileSync(file, 'utf8'));
}

export function writeKnown(known: KnownSchedules): void {
  const lines = Object.entries(known).map(
    ([name, { seed, profile }]) => `  ${JSON.stringify(name)}: { "seed": ${seed}, "profile": "${profile}" }`,
  );
  writeFileSync(file, `{\n${lines.join(',\n')}\n}\n`);
}
