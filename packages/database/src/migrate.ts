import { NO_FILTERS, withSchemaEngine } from './migrate-engine.ts';
import { MigrationError } from './migrate-error.ts';
import { type MigrationList, readMigrations } from './migrate-files.ts';

/** Which migrations go to which database. */
export interface MigrateOptions {
  /** Connection string of a role that owns the database. */
  readonly url: string;
  /** Folder with one sub-folder per migration. */
  readonly migrationsDir: string;
}

/**
 * Applies the migrations a database lacks, in order, and returns their names.
 *
 * Reads and writes what `prisma migrate deploy` does (`_prisma_migrations`, with checksums), so either may be used.
 * Concurrent calls wait for each other. Each migration runs in one implicit transaction unless it says otherwise.
 *
 * @throws MigrationError `MIGRATION_FAILED` with Postgres's reason; `MIGRATION_CHANGED` when a migration was edited
 * after it was applied; `MIGRATION_UNKNOWN` when the database has a migration that is not in the folder.
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const migrationsList = await readMigrations(options.migrationsDir);
  return withSchemaEngine(options.url, async (engine) => {
    const input = { migrationsList, filters: NO_FILTERS };
    const state = await engine.diagnoseMigrationHistory({ ...input, optInToShadowDatabase: false });
    assertNotEdited(state.editedMigrationNames);
    assertKnown(state.history, migrationsList);
    try {
      return (await engine.applyMigrations(input)).appliedMigrationNames;
    } catch (cause) {
      throw migrationFailed(cause);
    }
  });
}

function assertNotEdited(names: readonly string[]): void {
  if (names.length === 0) return;
  throw new MigrationError(
    'MIGRATION_CHANGED',
    `Migrations were edited after they had been applied to this database: ${names.join(', ')}.`,
    'Restore them and put the change in a new migration; a development database can be made anew with `npm run reset`.',
  );
}

type History = Awaited<ReturnType<Parameters<Parameters<typeof withSchemaEngine>[1]>[0]['diagnoseMigrationHistory']>>['history'];

function assertKnown(history: History, list: MigrationList): void {
  if (history === null || history.diagnostic === 'databaseIsBehind') return;
  const names = history.unpersistedMigrationNames.join(', ');
  throw new MigrationError(
    'MIGRATION_UNKNOWN',
    `This database has migrations that are not in ${list.baseDir}: ${names}.`,
    'Check out the version that has them; a development database can be made anew with `npm run reset`.',
  );
}

function migrationFailed(cause: unknown): MigrationError {
  const said = cause instanceof Error ? cause.message : String(cause);
  const reason = withoutEngineTrace(said);
  const name = /migration_name="([^"]+)"/.exec(said)?.[1];
  return new MigrationError(
    'MIGRATION_FAILED',
    name === undefined ? `The migrations could not be applied: ${reason}` : `The migration ${name} failed: ${reason}`,
    'Correct it, then mark it with `prisma migrate resolve` or make the development database anew with `npm run reset`.',
    { cause },
  );
}

/** The engine appends the places in its own source; they help nobody who writes migrations. */
function withoutEngineTrace(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s+(\d+: |at |with )/.test(line) && line !== 'external connector error')
    .join(' ')
    .trim();
}
