import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MigrationError } from './migrate-error.ts';

/** The lock file Prisma keeps beside migrations so that nobody applies them to another kind of database. */
export const LOCK_FILE = 'migration_lock.toml';
/** Its content for Postgres. */
export const LOCK_FILE_CONTENT = `# Names the kind of database these migrations are for. Written by the tool, kept under version control.
provider = "postgresql"
`;

/** A folder of migrations in the shape the schema engine takes it. */
export interface MigrationList {
  readonly baseDir: string;
  readonly lockfile: { readonly path: string; readonly content: string };
  readonly shadowDbInitScript: string;
  readonly migrationDirectories: {
    readonly path: string;
    readonly migrationFile: { readonly path: string; readonly content: { readonly tag: 'ok'; readonly value: string } };
  }[];
}

/**
 * Reads `<folder>/<timestamp>_<name>/migration.sql`, oldest first. A folder that does not exist has no migrations.
 *
 * @throws MigrationError `MIGRATION_UNREADABLE` for a migration folder without its file.
 */
export async function readMigrations(folder: string): Promise<MigrationList> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return {
    baseDir: resolve(folder),
    lockfile: { path: LOCK_FILE, content: LOCK_FILE_CONTENT },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(names.sort().map((name) => readMigration(folder, name))),
  };
}

async function readMigration(folder: string, name: string): Promise<MigrationList['migrationDirectories'][number]> {
  try {
    const value = await readFile(join(folder, name, 'migration.sql'), 'utf8');
    return { path: name, migrationFile: { path: 'migration.sql', content: { tag: 'ok', value } } };
  } catch (cause) {
    const message = `The migration ${name} has no readable migration.sql.`;
    throw new MigrationError('MIGRATION_UNREADABLE', message, `Delete the folder ${name} or restore its file.`, { cause });
  }
}
