import { canonicalJson } from '../canonical-json.js';
import { DEFAULT_EXEC_SERVICES } from '../constructs/exec.js';
import type { AccountRole, ConsumptionEntry, EnverEntry, Manifest, ProductEntry } from '../manifest/index.js';
import type { Compared, EnverPair } from './compare.js';

/** A change that only the platform's administrators may let through. */
export interface Privileged {
  /** An enver's id, a setting (`accounts.work.id`), a build's id. */
  readonly where: string;
  readonly message: string;
}

/**
 * What gives somebody more power, or takes away a check: IAM statements and grants, services that may be deployed,
 * what the names of accounts and repositories stand for, where the platform lives, who approves, who may read secrets,
 * clones in production accounts. Giving power
 * back (an `Allow` less, a service less) is not among them; taking a `Deny` away is.
 */
export function privilegedChanges(compared: Compared): Privileged[] {
  const { before, after, added, pairs, settings } = compared;
  const found = [
    ...settings
      .filter(({ field }) => /^(accounts|repos)\./.test(field))
      .map(({ field }) => ({ where: field, message: 'what an account or repository stands for changes' })),
    ...home(before, after),
    ...added.flatMap((entry) => [
      ...iam(undefined, entry),
      ...cloneChange(undefined, entry, before, after),
      ...entry.products.flatMap((product) => readers(entry, undefined, product)),
    ]),
    ...pairs.flatMap((pair) => [
      ...iam(pair.before, pair.after),
      ...cloneChange(pair.before, pair.after, before, after),
      ...approvers(pair),
      ...mapping(pair),
      ...pair.products.added.flatMap((product) => readers(pair.after, undefined, product)),
      ...pair.products.changed.flatMap((change) => readers(pair.after, change.before, change.after)),
    ]),
  ];
  return found.sort((a, b) => order(a.where, b.where) || order(a.message, b.message));
}

function home({ regions: [old] = [] }: Manifest, { regions: [now] = [] }: Manifest): Privileged[] {
  if (old === now) return [];
  const names = [old, now].map((region) => region ?? 'the one it was installed in');
  return [{ where: 'regions', message: `the home region of the platform: ${names.join(' → ')}` }];
}

function iam(old: EnverEntry | undefined, now: EnverEntry): Privileged[] {
  const messages: string[] = [];
  const had = old?.exec.services ?? DEFAULT_EXEC_SERVICES;
  const services = now.exec.services.filter((service) => !had.includes(service));
  if (services.length > 0) messages.push(`its deployments may use ${services.join(', ')}`);
  const [before, after] = [statements(old), statements(now)];
  for (const [text, { effect, actions, resources }] of after)
    if (!before.has(text))
      messages.push(`a new statement: ${effect} ${actions.join(', ')} on ${resources.join(', ')}`);
  for (const [text, { effect, actions }] of before)
    if (effect === 'Deny' && !after.has(text)) messages.push(`a Deny is gone: ${actions.join(', ')}`);
  const granted = new Set(old?.runtimeGrants.map(roleText));
  const grants = now.runtimeGrants.map(roleText).filter((role) => !granted.has(role));
  if (grants.length > 0) messages.push(`its runtime role may be assumed by ${grants.join(', ')}`);
  return messages.map((message) => ({ where: now.id, message }));
}

function statements(entry: EnverEntry | undefined) {
  return new Map((entry?.exec.statements ?? []).map((one) => [canonicalJson(one), one]));
}

function roleText({ account, role }: AccountRole): string {
  return `${account}/${role}`;
}

/** Approval of a consumption that loses it, or gets others who may give it. */
function approvers({ after, consumptions }: EnverPair): Privileged[] {
  const changed = consumptions.changed.filter(
    ({ before: old, after: now }) => old.onChange === 'approve' && roles(old) !== roles(now),
  );
  const gone = consumptions.removed.filter(({ onChange }) => onChange === 'approve');
  return [
    ...changed.map(({ before: old, after: now }) => ({
      where: after.id,
      message: `approval of ${now.id}: ${roles(old)} → ${now.onChange === 'approve' ? roles(now) : 'none needed'}`,
    })),
    ...gone.map((old) => ({
      where: after.id,
      message: `approval of ${old.id}: ${roles(old)} → no longer consumed under this id`,
    })),
  ];
}

function roles({ approvers = [], onChange }: ConsumptionEntry): string {
  return onChange === 'approve' ? approvers.map(roleText).sort().join(', ') : '';
}

/** Accounts from which a secret may be read, besides its own. */
function readers({ id }: EnverEntry, old: ProductEntry | undefined, now: ProductEntry): Privileged[] {
  const had = new Set(old?.readableFrom?.map((account) => account.id));
  const further = (now.readableFrom ?? []).filter((account) => !had.has(account.id));
  if (further.length === 0) return [];
  const names = further.map(({ name }) => name).join(', ');
  return [{ where: id, message: `the secret ${now.name} may be read from ${names}` }];
}

/** The account that an enver deploys into, and the repository that may deploy it. */
function mapping({ after, fields }: EnverPair): Privileged[] {
  const names = fields.map(({ field }) => field);
  const messages = [
    ...(names.some((name) => name.startsWith('account.')) ? [`it deploys into ${after.account.name}`] : []),
    ...(names.some((name) => name.startsWith('repo.'))
      ? [`it is deployed from ${after.repo.owner}/${after.repo.name}`]
      : []),
  ];
  return messages.map((message) => ({ where: after.id, message }));
}

function cloneChange(
  old: EnverEntry | undefined,
  now: EnverEntry,
  before: Manifest,
  after: Manifest,
): Privileged[] {
  if (now.clones === 'off' || !isProduction(after, now)) return [];
  const same = old && isProduction(before, old) && canonicalJson(old.clones) === canonicalJson(now.clones);
  if (same) return [];
  return [
    {
      where: now.id,
      message: `up to ${now.clones.max} clones in the production account ${now.account.name}`,
    },
  ];
}

function isProduction({ accounts }: Manifest, { account }: EnverEntry): boolean {
  return Object.hasOwn(accounts, account.name) && accounts[account.name]?.production === true;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
