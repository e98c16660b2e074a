import { describe, expect, it } from 'vitest';
import { type Faults, noFaults, Simulation } from './simulator.js';

const schedules = Number(process.env.ODMD_SIMULATIONS ?? 60);
const first = Number(process.env.ODMD_SEED ?? 1);

const kinds: [string, Faults][] = [
  ['no faults', noFaults],
  ['lost and doubled hints', { ...noFaults, lostHint: 0.3, doubleHint: 0.3 }],
  ['failing jobs', { ...noFaults, failedJob: 0.2 }],
  ['everything', { crash: 0.01, lostHint: 0.2, doubleHint: 0.2, conflict: 0.05, failedJob: 0.1 }],
];

describe.each(kinds)('simulated orgs with %s', (name, faults) => {
  it('come to what their contracts, sources and products ask for', async () => {
    const counts: Record<string, number> = {};
    for (let seed = first; seed < first + schedules; seed++) {
      const simulation = new Simulation(seed, faults);
      try {
        await simulation.run(120);
      } catch (error) {
        throw new Error(`seed ${seed} with ${name}: ${error instanceof Error ? error.message : error}`, {
          cause: error,
        });
      }
      for (const [fault, count] of Object.entries(simulation.counts))
        counts[fault] = (counts[fault] ?? 0) + count;
    }
    if (faults.crash > 0) expect(counts.crash).toBeGreaterThan(0);
  }, 120_000);
});
