import {
  Build,
  Consumer,
  Contracts,
  ContractsLibEnver,
  Producer,
  Revision,
  ScriptEnver,
} from '@ondemandenv/contracts-base';
import { z } from 'zod';

/** The repository of every build that is measured; what only makes the org large has others. */
export const REPO = 'bench/measured';
/** Envers of one repository that only make the org large. */
const PER_REPO = 20;

/** An org in which `parents` envers use a root, and one more uses them all (`tip`), among `others` that do nothing. */
export function org({ parents, tip = false, others = 0 }) {
  const repos = ['contracts', 'measured', ...range(Math.ceil(others / PER_REPO)).map((n) => `other${n}`)];
  const contracts = new Contracts('bench', {
    accounts: { workspace: { id: '222222222222' } },
    repos: Object.fromEntries(repos.map((name) => [name, { owner: 'bench', name }])),
  });
  const place = { revision: Revision.branch('main'), account: 'workspace', region: 'us-west-1' };
  new ContractsLibEnver(new Build(contracts, 'contracts', { repo: 'contracts' }), place);
  const script = (id, repo) =>
    new ScriptEnver(new Build(contracts, id, { repo, workDir: id }), { ...place, deploy: ['./deploy.sh'] });
  const product = (enver) => new Producer(enver, 'out', { schema: z.string() });
  const root = product(script('root', 'measured'));
  const products = range(parents).map((n) => {
    const parent = script(`parent${n}`, 'measured');
    new Consumer(parent, 'root', root);
    return product(parent);
  });
  if (tip) {
    const enver = script('tip', 'measured');
    for (const [n, parent] of products.entries()) new Consumer(enver, `in${n}`, parent);
  }
  let before;
  for (const n of range(others)) {
    const enver = script(`other${n}`, `other${Math.floor(n / PER_REPO)}`);
    if (before && n % 10 !== 0) new Consumer(enver, 'in', before);
    before = product(enver);
  }
  const result = contracts.synth();
  if (result.ok) return result.manifest;
  throw new Error(`the generated org breaks rules: ${JSON.stringify(result.errors.slice(0, 3), null, 2)}`);
}

export const ROOT = 'root/b..main';
export const TIP = 'tip/b..main';

export function range(length) {
  return Array.from({ length }, (_, n) => n);
}
