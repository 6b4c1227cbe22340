import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

/** The part of the global that is used here; Node's own types leave it to the browser's library. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(module: object, imports: Record<string, object>): Promise<{ readonly exports: Record<string, unknown> }>;
};

/** Nothing is managed by hand outside the migrations. */
export const NO_FILTERS = { externalTables: [], externalEnums: [] };

/** Postgres's internal one-byte type, which its catalogues use and the driver adapter does not know. */
const OID_CHAR = 18;
const OID_BPCHAR = 1042;

/**
 * Lends Prisma's schema engine, connected to a database, and closes every connection afterwards.
 *
 * The engine is the WebAssembly build of the same commit as the client, so there is nothing to download.
 */
export async function withSchemaEngine<Result>(url: string, work: (engine: SchemaEngine) => Promise<Result>): Promise<Result> {
  await loadEngine();
  const pools: pg.Pool[] = [];
  const engine = await bindings.SchemaEngine.new(
    { datamodels: undefined },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(adapterFactory(url, pools)),
  );
  try {
    return await work(engine);
  } finally {
    engine.free();
    await Promise.all(pools.map((pool) => (pool.ended ? undefined : pool.end())));
  }
}

let loaded: Promise<void> | undefined;

/** Instantiated by hand: bundlers and test runners do not import WebAssembly modules the way Node does. */
function loadEngine(): Promise<void> {
  loaded ??= instantiate();
  return loaded;
}

async function instantiate(): Promise<void> {
  // The engine hands over its last words before it aborts; thrown here, they become the reason of the crash.
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: {
      set_message(message: string): never {
        throw new Error(`The schema engine aborted: ${message}`);
      },
    },
  });
  const folder = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
  const module = await WebAssembly.compile(await readFile(join(folder, 'schema_engine_bg.wasm')));
  const instance = await WebAssembly.instantiate(module, { './schema_engine_bg.js': { ...bindings } });
  bindings.__wbg_set_wasm(instance.exports);
  const start = instance.exports['__wbindgen_start'];
  if (typeof start === 'function') start();
}

function adapterFactory(url: string, pools: pg.Pool[]): SqlMigrationAwareDriverAdapterFactory {
  const connect = (database?: string): Promise<SqlDriverAdapter> => {
    const pool = newPool(url, database);
    pools.push(pool);
    return connectForCatalogue(pool);
  };
  return {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () => connect(),
    // The driver adapter's own version ignores the database of a connection string, and drops the database while
    // still connected to it.
    connectToShadowDb: async () => {
      const name = `shadow_${crypto.randomUUID().replaceAll('-', '')}`;
      await execute(url, `CREATE DATABASE "${name}"`);
      const adapter = await connect(name);
      adapter.dispose = () => execute(url, `DROP DATABASE "${name}" WITH (FORCE)`);
      return adapter;
    },
  };
}

/** A pool of one connection, since the engine's lock belongs to a session. */
function newPool(url: string, database: string | undefined): pg.Pool {
  const pool = new pg.Pool({ connectionString: database === undefined ? url : withDatabase(url, database), max: 1 });
  // A shadow database is dropped under an idle connection; without a listener that would end the process.
  pool.on('error', () => undefined);
  return pool;
}

/**
 * The driver adapter refuses results with columns of the type "char", and the engine, which asks the catalogues for
 * some, insists on getting them as characters. Shown to the adapter as text, named characters afterwards.
 */
async function connectForCatalogue(pool: pg.Pool): Promise<SqlDriverAdapter> {
  const charColumns = new WeakMap<object, number[]>();
  const send: (query: pg.QueryArrayConfig) => Promise<pg.QueryArrayResult> = pool.query.bind(pool);
  const query = async (config: pg.QueryArrayConfig): Promise<pg.QueryArrayResult> => {
    const result = await send(config);
    // A script of several statements has several results, and nobody reads them.
    if (!Array.isArray(result)) charColumns.set(result.rows, disguiseChars(result.fields ?? []));
    return result;
  };
  const adapter = await new PrismaPg(Object.assign(pool, { query })).connect();
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (config) => {
    const result = await queryRaw(config);
    for (const index of charColumns.get(result.rows) ?? []) result.columnTypes[index] = ColumnTypeEnum.Character;
    return result;
  };
  // The driver adapter splits a script at every semicolon, also inside the body of a function; Postgres itself runs a
  // whole script, in one implicit transaction.
  adapter.executeScript = async (script) => {
    await adapter.executeRaw({ sql: script, args: [], argTypes: [] });
  };
  return adapter;
}

function disguiseChars(fields: pg.FieldDef[]): number[] {
  const indexes: number[] = [];
  for (const [index, field] of fields.entries()) {
    if (field.dataTypeID !== OID_CHAR) continue;
    field.dataTypeID = OID_BPCHAR;
    indexes.push(index);
  }
  return indexes;
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
