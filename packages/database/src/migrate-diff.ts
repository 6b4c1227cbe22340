import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NO_FILTERS, withSchemaEngine } from './migrate-engine.ts';
import { MigrationError } from './migrate-error.ts';
import { LOCK_FILE, LOCK_FILE_CONTENT, type MigrationList, readMigrations } from './migrate-files.ts';

/** A schema and the migrations that should lead to it. */
export interface DiffOptions {
  /** Connection string of a role that may create databases: the migrations are replayed in a temporary one. */
  readonly url: string;
  readonly schemaFile: string;
  readonly migrationsDir: string;
}

/**
 * The SQL that leads from the state after all migrations to what the schema file says; empty when they agree.
 *
 * Indexes written by hand that a Prisma schema cannot express (partial, on expressions, covering, other access methods
 * or operator classes) are left alone. Checks, triggers and functions are never touched.
 *
 * @throws MigrationError `MIGRATION_FAILED` when the migrations do not apply to an empty database or the schema is wrong.
 */
export async function diffMigrations(options: DiffOptions): Promise<string> {
  const [migrations, content] = await Promise.all([readMigrations(options.migrationsDir), readFile(options.schemaFile, 'utf8')]);
  return withSchemaEngine(options.url, async (engine) => {
    try {
      const { stdout } = await engine.diff({
        from: { tag: 'migrations', ...migrations },
        to: { tag: 'schemaDatamodel', files: [{ path: options.schemaFile, content }] },
        script: true,
        exitCode: true,
        filters: NO_FILTERS,
      });
      return withoutHandmadeIndexes(stdout ?? '', migrations);
    } catch (cause) {
      const said = cause instanceof Error ? cause.message : String(cause);
      throw new MigrationError('MIGRATION_FAILED', `Schema and migrations could not be compared: ${said}`, 'Correct what it names.', {
        cause,
      });
    }
  });
}

/** Where a new migration goes and what it is called. */
export interface CreateOptions extends DiffOptions {
  /** What the migration does, in a few words; becomes part of its folder's name. */
  readonly name: string;
  readonly now: Date;
}

/**
 * Writes the next migration and returns the path of its file, or `undefined` when schema and migrations agree already.
 *
 * More SQL may be added to the file by hand until it is applied anywhere that matters.
 */
export async function createMigration(options: CreateOptions): Promise<string | undefined> {
  const sql = await diffMigrations(options);
  if (sql === '') return undefined;
  const timestamp = options.now.toISOString().replaceAll(/[-:T]|\..*/g, '');
  const slug = options.name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  const folder = join(options.migrationsDir, `${timestamp}_${slug}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(options.migrationsDir, LOCK_FILE), LOCK_FILE_CONTENT);
  await writeFile(join(folder, 'migration.sql'), sql);
  return join(folder, 'migration.sql');
}

function withoutHandmadeIndexes(script: string, migrations: MigrationList): string {
  const written = migrations.migrationDirectories.map(({ migrationFile }) => migrationFile.content.value).join('\n');
  const kept = script.replaceAll(/(?:-- DropIndex\n)?DROP INDEX "([^"]+)";\n*/g, (statement, name: string) =>
    isHandmade(name, written) ? '' : statement,
  );
  return /\S/.test(kept) && !/^\s*-- This is an empty migration\.\s*$/.test(kept) ? kept : '';
}

/** Whether the index was created with something that has no place in a Prisma schema. */
function isHandmade(name: string, sql: string): boolean {
  const created = new RegExp(`CREATE\\s+(?:UNIQUE\\s+)?INDEX\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?"?${escapeRegExp(name)}"?\\s[^;]*;`, 'i').exec(
    sql,
  );
  if (created === null) return false;
  const statement = created[0];
  const columns = /\(([\s\S]*)\)/.exec(statement)?.[1] ?? '';
  return /\bWHERE\b|\bINCLUDE\b|_ops\b|\bNULLS\b/i.test(statement) || /\bUSING\s+(?!btree)/i.test(statement) || columns.includes('(');
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
