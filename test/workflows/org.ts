import {
  Build,
  CdkEnver,
  Consumer,
  ContainerImageEnver,
  Contracts,
  ContractsLibEnver,
  type Manifest,
  NpmPackageEnver,
  Producer,
  Revision,
  ScriptEnver,
} from '@ondemandenv/contracts-base';
import { z } from 'zod';

/** A manifest with every kind of enver, two accounts and two regions, and names as odd as the rules let them be. */
export function oddOrg(): Manifest {
  const contracts = new Contracts('odd-org', {
    regions: ['us-west-1', 'us-gov-east-1'],
    accounts: {
      central: { id: '111111111111', central: true },
      '2nd--account_': { id: '222222222222' },
      on: { id: '333333333333' },
    },
    repos: {
      contracts: { owner: 'Odd-Org_emu', name: '.github' },
      shop: { owner: 'Odd-Org_emu', name: 'the.shop_1' },
    },
  });
  const here = { account: 'on', region: 'us-west-1', revision: Revision.branch('main') };
  const there = { account: '2nd--account_', region: 'us-gov-east-1', revision: Revision.branch('功能/`id`') };
  const inShop = (id: string) => new Build(contracts, id, { repo: 'shop', workDir: `services/${id}` });

  new ContractsLibEnver(new Build(contracts, 'contracts'), here);
  const bus = new CdkEnver(inShop('-'), here);
  const source = new Producer(bus, 'source', { schema: z.string() });
  const web = new ScriptEnver(inShop('a-b'), { ...there, deploy: ['make deploy'] });
  new Consumer(web, 'source', source);
  new ContainerImageEnver(inShop('null'), { ...here, images: { api: {} } });
  new NpmPackageEnver(inShop('_x-'), { ...here, packageName: '@odd-org/client' });
  const result = contracts.synth();
  if (!result.ok) throw new Error(JSON.stringify(result.errors, null, 2));
  return result.manifest;
}
