import { type Contracts, formatFinding, type Manifest } from '@ondemandenv/contracts-base';

/** What contracts become. @throws with every violation, when they break a rule */
export function manifestOf(contracts: Contracts): Manifest {
  const result = contracts.synth();
  if (!result.ok) throw new Error(result.errors.map(formatFinding).join('\n'));
  return result.manifest;
}
