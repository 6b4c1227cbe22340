import { setTimeout as delay } from 'node:timers/promises';
import { findListener, type ThrowawaySupergraph } from '@app/platform';
import { Redis } from 'ioredis';
import pg from 'pg';
import { pick } from './random.ts';

/** One thing that was done to a running graph. */
export interface Harm {
  readonly atMs: number;
  readonly what: 'killed' | 'paused' | 'connections cut' | 'flushed' | 'restarted';
  readonly whom: string;
}

/** Does one harm after the other until the signal aborts; answers what it did. Each kind comes once before chance decides. */
export async function keepHarming(graph: ThrowawaySupergraph, random: () => number, signal: AbortSignal): Promise<readonly Harm[]> {
  const startedAt = performance.now();
  const done: Harm[] = [];
  const kinds = [kill, pause, cutConnections, flushRedis, restartRedis];
  for (let n = 0; !signal.aborted; n += 1) {
    const kind = kinds[n] ?? pick(random, [kill, kill, kill, pause, pause, cutConnections, cutConnections, flushRedis, restartRedis]);
    const harm = await kind(graph, random);
    if (harm !== undefined) done.push({ atMs: Math.round(performance.now() - startedAt), ...harm });
    await delay(500 + random() * 2_500, undefined, { signal }).catch(() => undefined);
  }
  return done;
}

type Done = Pick<Harm, 'what' | 'whom'> | undefined;

const LONGEST_PAUSE_MS = 4_000;

/** A process of ours that is up; the mailbox and the dashboard, which belong to development, are left alone. */
function someProcess(graph: ThrowawaySupergraph, random: () => number): { readonly name: string; readonly pid: number } | undefined {
  const up = graph
    .processes()
    .flatMap(({ name, pid }) => (pid === undefined || name === 'mailbox' || name === 'jobs' ? [] : [{ name, pid }]));
  return up.length === 0 ? undefined : pick(random, up);
}

async function kill(graph: ThrowawaySupergraph, random: () => number): Promise<Done> {
  const victim = someProcess(graph, random);
  if (victim === undefined || !signalTo(victim.pid, 'SIGKILL')) return undefined;
  return { what: 'killed', whom: victim.name };
}

async function pause(graph: ThrowawaySupergraph, random: () => number): Promise<Done> {
  const victim = someProcess(graph, random);
  if (victim === undefined || !signalTo(victim.pid, 'SIGSTOP')) return undefined;
  await delay(1_000 + random() * (LONGEST_PAUSE_MS - 1_000));
  signalTo(victim.pid, 'SIGCONT');
  return { what: 'paused', whom: victim.name };
}

async function cutConnections(graph: ThrowawaySupergraph, random: () => number): Promise<Done> {
  const [name, { app }] = pick(random, Object.entries(graph.databaseUrls));
  const client = new pg.Client({ connectionString: app });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid()');
  await client.end();
  return { what: 'connections cut', whom: `Postgres of ${name}` };
}

async function flushRedis(graph: ThrowawaySupergraph): Promise<Done> {
  const redis = new Redis(graph.redisUrl, { maxRetriesPerRequest: 1, retryStrategy: () => null });
  redis.on('error', () => undefined);
  const isFlushed = await redis.flushall().then(
    () => true,
    () => false,
  );
  redis.disconnect();
  return isFlushed ? { what: 'flushed', whom: 'Redis' } : undefined;
}

/** Killed by its port; the launcher starts it again, empty. */
async function restartRedis(graph: ThrowawaySupergraph): Promise<Done> {
  const pid = await findListener(graph.config.redisPort);
  return pid !== undefined && signalTo(pid, 'SIGKILL') ? { what: 'restarted', whom: 'Redis' } : undefined;
}

function signalTo(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    // It was gone already.
    return false;
  }
}
