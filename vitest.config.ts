import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{packages/*,lambdas}/src/**/*.test.ts', 'examples/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['test/local/toolchain.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Many tests start processes of their own; more workers than this only make them wait for each other.
    maxWorkers: 2,
    reporters: process.env.CI ? ['default', ['json', { outputFile: '.test-report.json' }]] : ['default'],
  },
});
