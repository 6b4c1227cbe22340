import { createHash } from 'node:crypto';
import {
  assertHashes,
  type CheckRequest,
  checkAgainst,
  type Finding,
  isPublished,
  operationsInUse,
  type Published,
  type PublishNote,
  type RegisteredOperation,
  type RegistryStore,
  type SubgraphSource,
  sortFindings,
  type UsageFilter,
  type Version,
  windowStart,
  withSubgraphs,
} from '@app/schema-registry';
import type pg from 'pg';
import { RegistryError } from '../registry-error.ts';
import type { SchemaJobs } from '../work/schema-jobs.ts';
import { recordAudit } from './audit.ts';
import { inTransaction, type Queries } from './database.ts';
import { readOperations, registerDocuments } from './operations.ts';
import { announce } from './publications.ts';
import { requestsNotKept } from './usage.ts';

/** One graph in Postgres, as somebody sees it. */
export interface PostgresStoreOptions {
  readonly pool: pg.Pool;
  /** Its own connections, so that publishers who wait for each other leave readers theirs. */
  readonly writes: pg.Pool;
  readonly graph: string;
  /** Whose token it is; stands in front of what a publisher calls itself. */
  readonly who: { readonly tokenId: string; readonly tokenName: string };
  readonly jobs: SchemaJobs;
  readonly now: () => Date;
  /** How long a publish waits for another of the same graph. */
  readonly lockTimeoutMs: number;
}

const versionColumns = `number, published_at AS "publishedAt", published_by AS by, message, subgraphs, supergraph`;

/**
 * Versions and operations of one graph. Publishes of a graph are one after the other, each in one transaction that holds the graph's row:
 * the second is composed on top of the first.
 */
export class PostgresStore implements RegistryStore {
  private readonly options: PostgresStoreOptions;

  constructor(options: PostgresStoreOptions) {
    this.options = options;
  }

  async history(last?: number): Promise<Version[]> {
    const { pool, graph } = this.options;
    const values = [graph, last];
    const { rows } = await pool.query(`SELECT ${versionColumns} FROM version WHERE graph = $1 ORDER BY number DESC LIMIT $2`, values);
    return rows.reverse().map(toVersion);
  }

  version(number?: number): Promise<Version> {
    return this.find(this.options.pool, number);
  }

  async subgraphs(version: Version): Promise<SubgraphSource[]> {
    return this.sources(this.options.pool, version);
  }

  async supergraph({ supergraph }: Version): Promise<string> {
    const texts = await readTexts(this.options.pool, [supergraph]);
    return texts.get(supergraph) ?? '';
  }

  publish(changed: readonly SubgraphSource[], note: PublishNote): Promise<Published> {
    const { graph, jobs } = this.options;
    return this.alone(async (client) => {
      const last = await this.newest(client);
      const all = withSubgraphs(last ? await this.sources(client, last) : [], changed, note.removed);
      const { supergraph, findings } = await jobs.compose(all);
      const names = changed.map(({ name }) => name);
      if (supergraph === null) {
        await recordAudit(client, { graph, who: this.signed(note), action: 'publish refused', detail: { subgraphs: names, findings } });
        return { version: null, isNew: false, findings };
      }
      const subgraphs = Object.fromEntries(all.map(({ name, url, sdl }) => [name, { hash: sha256(sdl), url }]));
      const content = { subgraphs, supergraph: sha256(supergraph) };
      if (isPublished(last, content)) return { version: last, isNew: false, findings };
      for (const text of [...all.map(({ sdl }) => sdl), supergraph]) await writeText(client, text);
      const version = await this.append(client, content, note);
      const detail = { version: version.number, subgraphs: names, ...(note.removed?.length && { removed: note.removed }) };
      await recordAudit(client, { graph, who: version.by, action: 'published', detail });
      return { version, isNew: true, findings };
    });
  }

  rollback(number: number, note: PublishNote): Promise<Version> {
    return this.alone(async (client) => {
      const version = await this.append(client, await this.find(client, number), note);
      const detail = { version: version.number, sameAs: number };
      await recordAudit(client, { graph: this.options.graph, who: version.by, action: 'rolled back', detail });
      return version;
    });
  }

  async operations(filter: UsageFilter = {}): Promise<RegisteredOperation[]> {
    const { pool, graph, now } = this.options;
    return operationsInUse(await readOperations(pool, graph, filter, now()), filter, now());
  }

  async pushOperations(operations: readonly RegisteredOperation[]): Promise<number> {
    assertHashes(operations);
    return this.alone(async (client) => {
      const { graph, who } = this.options;
      const added = await registerDocuments(client, graph, operations);
      const detail = { operations: operations.length, added };
      await recordAudit(client, { graph, who: who.tokenName, action: 'operations registered', detail });
      return added;
    });
  }

  /** The work is done on another thread, where nobody can be told of progress. */
  async check({ onProgress: _, ...request }: CheckRequest): Promise<Finding[]> {
    const { pool, graph, jobs, now } = this.options;
    const findings = await checkAgainst(this, request, jobs.check);
    const lost = await requestsNotKept(pool, graph, windowStart(request.usage ?? {}, now()));
    return lost === 0 ? findings : sortFindings([...findings, usageIncomplete(lost)]);
  }

  private async newest(db: Queries): Promise<Version | undefined> {
    const { rows } = await db.query(`SELECT ${versionColumns} FROM version WHERE graph = $1 ORDER BY number DESC LIMIT 1`, [
      this.options.graph,
    ]);
    return rows.map(toVersion)[0];
  }

  private async find(db: Queries, number?: number): Promise<Version> {
    const { graph } = this.options;
    if (number === undefined) {
      const newest = await this.newest(db);
      if (!newest) throw new RegistryError('UNKNOWN_VERSION', `Nothing was published to ${graph} yet: use publish.`);
      return newest;
    }
    const { rows } = await db.query(`SELECT ${versionColumns} FROM version WHERE graph = $1 AND number = $2`, [graph, number]);
    const [found] = rows.map(toVersion);
    if (!found) throw new RegistryError('UNKNOWN_VERSION', `There is no version ${number} of ${graph}: see history.`);
    return found;
  }

  private async sources(db: Queries, { subgraphs }: Version): Promise<SubgraphSource[]> {
    const entries = Object.entries(subgraphs).sort(([left], [right]) => left.localeCompare(right));
    const texts = await readTexts(
      db,
      entries.map(([, { hash }]) => hash),
    );
    return entries.map(([name, { hash, url }]) => ({ name, url, sdl: texts.get(hash) ?? '', file: `${name}.graphql` }));
  }

  private async append(
    client: Queries,
    { subgraphs, supergraph }: Pick<Version, 'subgraphs' | 'supergraph'>,
    note: PublishNote,
  ): Promise<Version> {
    const { graph, who, now } = this.options;
    const { rows } = await client.query(
      `INSERT INTO version (graph, number, published_at, published_by, token_id, message, subgraphs, supergraph)
       SELECT $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6, $7 FROM version WHERE graph = $1 RETURNING ${versionColumns}`,
      [graph, now(), this.signed(note), who.tokenId, note.message, JSON.stringify(subgraphs), supergraph],
    );
    await announce(client, graph);
    return toVersion(rows[0]);
  }

  /** Who publishes: the token, which is proven, and the name given along, which is not. */
  private signed({ by }: PublishNote): string {
    const { tokenName } = this.options.who;
    return by === '' || by === tokenName ? tokenName : `${tokenName} (${by})`;
  }

  /** In a transaction that nobody else writing to this graph shares. */
  private alone<Result>(work: (client: Queries) => Promise<Result>): Promise<Result> {
    const { writes, graph, lockTimeoutMs } = this.options;
    return inTransaction(writes, async (client) => {
      await client.query("SELECT set_config('lock_timeout', $1, true), set_config('statement_timeout', $1, true)", [String(lockTimeoutMs)]);
      const { rowCount } = await client.query('SELECT 1 FROM graph WHERE ref = $1 FOR UPDATE', [graph]);
      if (rowCount === 0) throw new RegistryError('UNKNOWN_GRAPH', `There is no graph ${graph}: a token made for it makes it.`);
      return work(client);
    });
  }
}

function usageIncomplete(requests: number): Finding {
  return {
    severity: 'warning',
    code: 'USAGE_INCOMPLETE',
    message: `Of ${requests} requests it is not known which operations they sent, since there were too many: what nobody seems to use may be in use.`,
    wayOut: 'Find out which client makes up operations, or raise MAX_OPERATIONS.',
  };
}

/** JSONB keeps no order of keys. */
function toVersion(row: Omit<Version, 'publishedAt'> & { publishedAt: Date }): Version {
  const subgraphs = Object.fromEntries(Object.entries(row.subgraphs).sort(([left], [right]) => left.localeCompare(right)));
  return { ...row, subgraphs, publishedAt: row.publishedAt.toISOString() };
}

async function readTexts(db: Queries, hashes: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await db.query<{ hash: string; text: string }>('SELECT hash, text FROM schema_text WHERE hash = ANY($1)', [hashes]);
  return new Map(rows.map(({ hash, text }) => [hash, text]));
}

async function writeText(db: Queries, text: string): Promise<void> {
  await db.query('INSERT INTO schema_text (hash, text) VALUES ($1, $2) ON CONFLICT DO NOTHING', [sha256(text), text]);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
