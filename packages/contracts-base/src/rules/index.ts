import type { Contracts } from '../constructs/contracts.js';
import { dependencyRules } from './dependencies.js';
import { derivedNameRules } from './derived-names.js';
import { identityRules } from './identity.js';
import { kindRules } from './kinds.js';
import { ownershipRules } from './ownership.js';
import { permissionRules } from './permissions.js';
import { placementRules } from './placement.js';
import type { Finding, Rule } from './rule.js';
import { settingRules } from './settings.js';
import { valueRules } from './values.js';

export type { Finding, Rule } from './rule.js';

/** Every rule, by code. */
export const rules: readonly Rule[] = [
  ...identityRules,
  ...placementRules,
  ...dependencyRules,
  ...valueRules,
  ...settingRules,
  ...kindRules,
  ...permissionRules,
  ...ownershipRules,
  ...derivedNameRules,
].sort((a, b) => (a.code < b.code ? -1 : 1));

/** What every rule finds in the contracts, all at once. */
export function checkRules(contracts: Contracts): { errors: Finding[]; warnings: Finding[] } {
  const findings = rules.flatMap((rule) =>
    [...rule.check(contracts)].map((breach) => ({ ...breach, code: rule.code, severity: rule.severity })),
  );
  return {
    errors: findings.filter((finding) => finding.severity === 'error'),
    warnings: findings.filter((finding) => finding.severity === 'warning'),
  };
}
