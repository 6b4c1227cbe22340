/* `npm run registry:migrate`: brings the database of DATABASE_URL_REGISTRY up to date, as the role that owns its tables. */
import { migrate } from '@app/database';
import { describeFailure } from '@app/platform';
import { readEmbeddedConfig } from './config.ts';
import { databaseUrl, migrationsOf } from './embedded-database.ts';

try {
  const config = readEmbeddedConfig();
  const applied = await migrate({ url: await databaseUrl(config, 'owner'), migrationsDir: migrationsOf(config) });
  process.stdout.write(applied.length === 0 ? 'nothing to migrate\n' : `migrated: ${applied.join(', ')}\n`);
} catch (error) {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exitCode = 1;
}
