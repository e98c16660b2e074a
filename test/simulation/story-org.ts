import {
  Build,
  Consumer,
  Contracts,
  ContractsLibEnver,
  type Manifest,
  Producer,
  Revision,
  ScriptEnver,
} from '@ondemandenv/contracts-base';
import { z } from 'zod';

export const FOUNDATION = 'foundation/b..main';
export const MANAGER = 'manager/b..main';
export const PROCESSOR = 'processor/b..main';
export const WEB = 'web/b..main';

/** A coffee shop: a menu that two services read, and a web page over both. The services share a repository. */
export function coffeeShop(): Manifest {
  const contracts = new Contracts('coffee', {
    accounts: { workspace: { id: '222222222222' } },
    repos: Object.fromEntries(
      ['contracts', 'foundation', 'shop'].map((name) => [name, { owner: 'coffee', name }]),
    ),
  });
  const place = { revision: Revision.branch('main'), account: 'workspace', region: 'us-west-1' };
  new ContractsLibEnver(new Build(contracts, 'contracts', { repo: 'contracts' }), place);
  const script = (id: string, repo: string, workDir: string) =>
    new ScriptEnver(new Build(contracts, id, { repo, workDir }), {
      ...place,
      deploy: ['./deploy.sh'],
      destroy: ['./destroy.sh'],
    });
  const text = { schema: z.string() };
  const foundation = script('foundation', 'foundation', '.');
  const menu = new Producer(foundation, 'menu', text);
  const services = ['manager', 'processor'].map((id) => {
    const enver = script(id, 'shop', id);
    new Consumer(enver, 'menu', menu);
    return new Producer(enver, 'api', text);
  });
  const web = script('web', 'shop', 'web');
  for (const api of services) new Consumer(web, api.enver.build.id, api);
  const result = contracts.synth();
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.manifest;
}
