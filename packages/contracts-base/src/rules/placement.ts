import type { AccountRole } from '../constructs/reaction.js';
import { SecretProducer } from '../constructs/special-producers.js';
import { stackName } from '../naming/index.js';
import { allEnvers, duplicates, isPlainPath, listed } from './helpers.js';
import type { Rule } from './rule.js';

const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/;
const ROLE_NAME = /^[A-Za-z0-9_+=,.@-]{1,64}$/;

/** Where things come from and go to: repositories, accounts, regions. */
export const placementRules: readonly Rule[] = [
  {
    code: 'ODMD101',
    severity: 'error',
    title: 'Every enver names an account of the contracts',
    *check(contracts) {
      for (const enver of allEnvers(contracts))
        if (!Object.hasOwn(contracts.accounts, enver.account))
          yield {
            where: `enver ${enver.id}`,
            message: `the account ${JSON.stringify(enver.account)} is not declared`,
            fix: `use one of ${listed(Object.keys(contracts.accounts))}, or declare it in the contracts' accounts`,
          };
    },
  },
  {
    code: 'ODMD102',
    severity: 'error',
    title: 'Every build names a repository of the contracts',
    *check(contracts) {
      for (const build of contracts.builds)
        if (!Object.hasOwn(contracts.repos, build.repo))
          yield {
            where: `build ${build.id}`,
            message: `the repository ${JSON.stringify(build.repo)} is not declared`,
            fix: `use one of ${listed(Object.keys(contracts.repos))}, or declare it in the contracts' repos`,
          };
    },
  },
  {
    code: 'ODMD103',
    severity: 'error',
    title: 'Nothing is deployed into the central account',
    *check(contracts) {
      for (const enver of allEnvers(contracts))
        if (contracts.accounts[enver.account]?.central)
          yield {
            where: `enver ${enver.id}`,
            message: `it would be deployed into the central account ${enver.account}`,
            fix: 'move it to a workspace account; only the platform lives in central',
          };
    },
  },
  {
    code: 'ODMD118',
    severity: 'error',
    title: 'An account id has twelve digits',
    *check(contracts) {
      for (const [name, { id }] of Object.entries(contracts.accounts))
        if (!/^\d{12}$/.test(id))
          yield {
            where: `account ${name}`,
            message: `the id ${JSON.stringify(id)} is not an AWS account id`,
            fix: 'give its twelve digits as a string',
          };
    },
  },
  {
    code: 'ODMD119',
    severity: 'error',
    title: 'A working directory stays inside its repository',
    *check(contracts) {
      for (const build of contracts.builds)
        for (const path of [build.workDir, ...build.extraPaths])
          if (path !== '.' && !isPlainPath(path))
            yield {
              where: `build ${build.id}`,
              message: `the path ${JSON.stringify(path)} is not one inside the repository, in its shortest form`,
              fix: 'write it like `services/orders`: relative, forward slashes, no `.`, `..` or empty part; `.` alone is the whole repository',
            };
    },
  },
  {
    code: 'ODMD120',
    severity: 'error',
    title: 'A region is written as AWS writes it',
    *check(contracts) {
      for (const enver of allEnvers(contracts))
        if (!REGION.test(enver.region))
          yield {
            where: `enver ${enver.id}`,
            message: `the region ${JSON.stringify(enver.region)} is not one of AWS's`,
            fix: 'use a region code such as `us-west-1`',
          };
    },
  },
  {
    code: 'ODMD128',
    severity: 'error',
    title: 'Who approves, and who reads, is of an account of the contracts',
    *check(contracts) {
      const unknown = (account: string) => !Object.hasOwn(contracts.accounts, account);
      const fix = `use one of ${listed(Object.keys(contracts.accounts))}, or declare it in the contracts' accounts`;
      const named = function* (where: string, roles: readonly AccountRole[]) {
        for (const { account, role } of roles) {
          if (unknown(account))
            yield {
              where,
              message: `the account ${JSON.stringify(account)} of the role ${role} is not declared`,
              fix,
            };
          if (!ROLE_NAME.test(role))
            yield {
              where,
              message: `${JSON.stringify(role)} is no name of a role`,
              fix: 'give the name of an IAM role, without path and ARN',
            };
        }
      };
      for (const enver of allEnvers(contracts)) {
        const granted = enver.runtimeGrants.map(({ account, role }) => ({
          account,
          role: role.replaceAll('{enver}', stackName(enver.id)),
        }));
        yield* named(`runtimeGrants of ${enver.id}`, granted);
        for (const { id, onChange } of enver.consumers) {
          if (onChange.kind !== 'approve') continue;
          const where = `consumer ${id} of ${enver.id}`;
          if (onChange.approvers.length === 0)
            yield { where, message: 'nobody may approve', fix: 'name at least one role' };
          yield* named(where, onChange.approvers);
        }
        for (const product of enver.producers)
          if (product instanceof SecretProducer)
            for (const account of product.readableFrom.filter(unknown))
              yield {
                where: `product ${product.name} of ${enver.id}`,
                message: `the account ${JSON.stringify(account)} in readableFrom is not declared`,
                fix,
              };
      }
    },
  },
  {
    code: 'ODMD139',
    severity: 'error',
    title: "The id of a GitHub App's installation is a positive whole number",
    *check(contracts) {
      for (const [name, { installationId }] of Object.entries(contracts.repos))
        if (installationId !== undefined && !(Number.isSafeInteger(installationId) && installationId > 0))
          yield {
            where: `repository ${name}`,
            message: `installationId is ${installationId}`,
            fix: "give the number at the end of the installation's address, or leave it out",
          };
    },
  },
  {
    code: 'ODMD140',
    severity: 'error',
    title: 'Every enver lives in one of the regions of the contracts, of which each is real and listed once',
    *check(contracts) {
      const { regions } = contracts;
      if (!regions) return;
      const where = 'regions of the contracts';
      if (regions.length === 0)
        yield {
          where,
          message: 'the list is empty, so that nothing could live anywhere',
          fix: "name the platform's home region at least, or leave the list out",
        };
      for (const region of new Set(regions))
        if (!REGION.test(region))
          yield {
            where,
            message: `${JSON.stringify(region)} is not one of AWS's`,
            fix: 'use a region code such as `us-west-1`',
          };
      for (const [region] of duplicates(regions, (name) => name))
        yield {
          where,
          message: `${region} is listed twice`,
          fix: 'keep one of them; the first of all is home',
        };
      for (const { id, region } of allEnvers(contracts))
        if (regions.length > 0 && REGION.test(region) && !regions.includes(region))
          yield {
            where: `enver ${id}`,
            message: `it would live in ${region}, which the contracts do not list`,
            fix: `use one of ${listed(regions)}, or add the region to the contracts' regions`,
          };
    },
  },
  {
    code: 'ODMD142',
    severity: 'error',
    title: 'An account has one name, and at most one account is central',
    *check(contracts) {
      const accounts = Object.entries(contracts.accounts);
      for (const group of duplicates(accounts, ([, { id }]) => id))
        yield {
          where: group.map(([name]) => `account ${name}`).join(', '),
          message: `they are one account, ${group[0]?.[1].id}`,
          fix: 'keep one name for it: what is central or production by one name is not by the other',
        };
      const central = accounts.filter((account) => account[1].central);
      if (central.length > 1)
        yield {
          where: central.map(([name]) => `account ${name}`).join(', '),
          message: 'each of them is central',
          fix: 'say `central: true` of the one that runs the platform',
        };
    },
  },
  {
    code: 'ODMD191',
    severity: 'warning',
    title: 'A build has at least one enver',
    *check(contracts) {
      for (const build of contracts.builds)
        if (build.envers.length === 0)
          yield {
            where: `build ${build.id}`,
            message: 'it has no enver, so nothing of it is deployed',
            fix: 'declare an enver for it or remove the build',
          };
    },
  },
];
