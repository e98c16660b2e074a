import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{packages/*,lambdas}/src/**/*.test.ts', 'examples/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['test/local/toolchain.ts'],
    env: {
      // Its validator costs seconds for every app; one test of the examples runs it.
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
