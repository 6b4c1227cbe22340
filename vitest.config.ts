import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Aliases and settings that every kind of test shares. Without the alias two copies of graphql are loaded. */
const shared = {
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
} as const;

const roots = '{packages,subgraphs,services,gateway,clients,prisma,bench}';

export default defineConfig({
  test: {
    coverage: {
      provider: 'v8',
      reportOnFailure: true,
      reporter: ['text-summary', 'html'],
      include: ['packages/*/src/**/*.ts'],
      exclude: [
        '**/*.test.ts',
        '**/index.ts',
        // Code of tests, and generated code.
        '**/testing/**',
        '**/*.contract.ts',
        '**/gen/**',
        // Run in processes of their own by their tests, where coverage does not see them.
        'packages/testing/src/{global-setup,services}.ts',
        'packages/platform/src/cli/**',
        'packages/platform/src/dev/*-entry.ts',
        'packages/platform/src/new-subgraph/create-subgraph.ts',
        'packages/platform/src/{guarded-process,supervised-process,postgres-binaries}.ts',
      ],
      thresholds: { lines: 90, branches: 90 },
    },
    // Tests wait more than they compute, also for databases and other processes.
    maxWorkers: Math.max(2, availableParallelism()),
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          // Pure and fast, but machines are sometimes busy.
          testTimeout: 30_000,
          include: [`${roots}/**/*.test.ts`],
          exclude: ['**/*.int.test.ts', '**/node_modules/**'],
        },
      },
      {
        ...shared,
        test: {
          name: 'integration',
          include: [`${roots}/**/*.int.test.ts`],
          exclude: ['**/node_modules/**'],
          globalSetup: ['packages/testing/src/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.e2e.test.ts'],
          exclude: ['**/node_modules/**'],
          globalSetup: ['e2e/global-setup.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
