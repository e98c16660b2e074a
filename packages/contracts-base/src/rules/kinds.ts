import { CdkEnver } from '../constructs/cdk-enver.js';
import { ContainerImageEnver } from '../constructs/container-image-enver.js';
import { NpmPackageEnver } from '../constructs/npm-package-enver.js';
import { IMAGE_NAME, STACK_SUFFIX } from '../naming/index.js';
import { allEnvers, duplicates, isPlainPath } from './helpers.js';
import type { Rule } from './rule.js';

const MAX_PACKAGE_NAME = 214;
const PACKAGE_NAME = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

/** What envers of one kind have: stacks, images, a package. */
export const kindRules: readonly Rule[] = [
  {
    code: 'ODMD130',
    severity: 'error',
    title: 'A CDK enver has one or more stacks, each with a legal suffix of its own',
    *check(contracts) {
      for (const enver of allEnvers(contracts)) {
        if (!(enver instanceof CdkEnver)) continue;
        const where = `enver ${enver.id}`;
        if (enver.stacks.length === 0)
          yield { where, message: 'it has no stack', fix: "give the suffix of at least one: `stacks: ['']`" };
        for (const suffix of enver.stacks)
          if (suffix !== '' && !STACK_SUFFIX.test(suffix))
            yield {
              where,
              message: `the stack suffix ${JSON.stringify(suffix)} is not legal`,
              fix: 'use 1 to 32 letters, digits and single `-` between them, not ending like a hash; names are made of it',
            };
        for (const group of duplicates(enver.stacks, (suffix) => suffix.toLowerCase()))
          yield {
            where,
            message: `${group.length} stacks have the suffix ${JSON.stringify(group[0])} (case ignored)`,
            fix: 'give each stack a suffix of its own',
          };
      }
    },
  },
  {
    code: 'ODMD131',
    severity: 'error',
    title: 'A container image enver has one or more images with legal names, built from inside its folder',
    *check(contracts) {
      for (const enver of allEnvers(contracts)) {
        if (!(enver instanceof ContainerImageEnver)) continue;
        const images = Object.values(enver.images);
        if (images.length === 0)
          yield {
            where: `enver ${enver.id}`,
            message: 'it has no image',
            fix: 'name at least one: `images: { api: {} }`',
          };
        for (const { id, context, dockerfile } of images) {
          const where = `image ${id} of ${enver.id}`;
          if (!IMAGE_NAME.test(id))
            yield {
              where,
              message: `the name ${JSON.stringify(id)} is not legal`,
              fix: 'use 1 to 64 lower-case letters and digits, with single `.`, `_` or `-` between them, as ECR does',
            };
          for (const path of [context, dockerfile])
            if (path !== '.' && !isPlainPath(path))
              yield {
                where,
                message: `the path ${JSON.stringify(path)} is not one inside the working directory, in its shortest form`,
                fix: 'write it like `docker/api`: relative, forward slashes, no `.`, `..` or empty part',
              };
        }
      }
    },
  },
  {
    code: 'ODMD132',
    severity: 'error',
    title: 'An npm package has a name that the registry takes',
    *check(contracts) {
      for (const enver of allEnvers(contracts)) {
        if (!(enver instanceof NpmPackageEnver)) continue;
        const { packageName } = enver;
        if (PACKAGE_NAME.test(packageName) && packageName.length <= MAX_PACKAGE_NAME) continue;
        yield {
          where: `enver ${enver.id}`,
          message: `the package name ${JSON.stringify(packageName)} is not legal`,
          fix: 'use lower-case letters, digits, `-`, `_` and `.`, with or without a scope, e.g. `@coffee/menu`',
        };
      }
    },
  },
];
