import { defaultCacheDir } from '@app/platform';
import type { TestProject } from 'vitest/node';
import { startTestServices } from './services.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser connection string of this run's Postgres, database `postgres`. */
    postgresUrl: string;
    /** This run's Redis, database 0. */
    redisUrl: string;
    /** Where servers that only some tests need are found. */
    programSearch: { readonly path: string; readonly cacheDir: string };
  }
}

/** One Postgres and one Redis for all integration tests of a run, gone when the run ends in whatever way. */
export default async function globalSetup(project: TestProject): Promise<() => Promise<void>> {
  const services = await startTestServices({
    env: process.env,
    onProgress: (what) => process.stderr.write(`${what} …\n`),
  });
  project.provide('postgresUrl', services.postgresUrl);
  project.provide('redisUrl', services.redisUrl);
  project.provide('programSearch', { path: process.env['PATH'] ?? '', cacheDir: defaultCacheDir(process.env) });
  return services.stop;
}
