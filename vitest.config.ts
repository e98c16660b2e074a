import { configDefaults, defineConfig } from 'vitest/config';
import { whyNoImages } from './test/enver-runtime/images/can-build.js';

const noImages = whyNoImages();
if (noImages !== undefined) console.warn(`NOT TESTED on this machine: container images, since ${noImages}`);

export default defineConfig({
  test: {
    include: ['{packages/*,lambdas}/src/**/*.test.ts', 'examples/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...(noImages === undefined ? [] : ['test/enver-runtime/images/**'])],
    globalSetup: ['test/local/toolchain.ts'],
    env: {
      // Its validator costs seconds for every app; the test of the platform's CDK app runs it.
      CDK_VALIDATION: 'false',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Many tests start processes of their own; more workers than this only make them wait for each other.
    maxWorkers: 2,
    reporters: process.env.CI ? ['default', ['json', { outputFile: '.test-report.json' }]] : ['default'],
  },
});
