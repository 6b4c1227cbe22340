import { writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Client, Pool } from 'pg';
import { ASYNC_API_FILE, asyncApiText } from '../src/async-api-file.ts';
import { allEvents } from '../src/catalogue/all.ts';
import {
  type ConsumerDefinition,
  discard,
  type EventTransaction,
  listDeadLetters,
  pgTransactor,
  replay,
  requestRedrive,
  showDeadLetter,
  tail,
} from '../src/index.ts';
import { describeFault, releaseFaults, schemasOf } from '../src/release.ts';
import { addReleases, readReleases } from '../src/release-files.ts';

/** The events command; README.md lists what it takes. Exit code 0 when done, 1 when nothing matched, 2 for wrong use. */

const USAGE = `events dlq list|show|redrive|discard --database-url URL [--consumer NAME] [--event ID]
events tail --database-url URL [--from POSITION]
events replay --module FILE --consumer NAME --source NAME --source-url URL --from POSITION [--type TYPE …] [--again]
events asyncapi [--write]
events release`;

class UsageError extends Error {}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    'database-url': { type: 'string' },
    consumer: { type: 'string' },
    event: { type: 'string' },
    from: { type: 'string', default: '1' },
    module: { type: 'string' },
    source: { type: 'string' },
    'source-url': { type: 'string' },
    type: { type: 'string', multiple: true },
    again: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

type Option = 'database-url' | 'consumer' | 'event' | 'module' | 'source' | 'source-url';

function need(option: Option): string {
  const value = values[option];
  if (value === undefined) throw new UsageError(`--${option} is missing`);
  return value;
}

function position(): number {
  const from = Number(values.from);
  if (!Number.isSafeInteger(from) || from < 1) throw new UsageError(`--from must be a whole number of 1 or more, got "${values.from}"`);
  return from;
}

function print(value: unknown): void {
  process.stdout.write(`${typeof value === 'string' ? value : JSON.stringify(value, null, 2)}\n`);
}

async function runDlq(action: string | undefined): Promise<boolean> {
  const pool = new Pool({ connectionString: need('database-url'), max: 1 });
  try {
    return await pgTransactor(pool)((tx) => dlq(tx, action));
  } finally {
    await pool.end();
  }
}

async function dlq(tx: EventTransaction, action: string | undefined): Promise<boolean> {
  switch (action) {
    case 'list': {
      const letters = await listDeadLetters(tx, { consumer: values.consumer ?? null });
      for (const { consumer, eventId, status, attempts, envelope, error } of letters) {
        print([consumer, eventId, status, `${attempts} tries`, envelope.type, envelope.subject, error?.split('\n')[0] ?? ''].join('  '));
      }
      return true;
    }
    case 'show': {
      const letter = await showDeadLetter(tx, need('consumer'), need('event'));
      if (letter !== undefined) print(letter);
      return letter !== undefined;
    }
    case 'redrive':
      return report('to be tried again', await requestRedrive(tx, need('consumer'), values.event ?? null));
    case 'discard':
      return report('to be skipped', await discard(tx, need('consumer'), need('event')));
    default:
      throw new UsageError(`unknown: dlq ${action ?? ''}`);
  }
}

function report(what: string, count: number): boolean {
  print(`${count} ${what}`);
  return count > 0;
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function runTail(): Promise<boolean> {
  const ending = new AbortController();
  process.once('SIGINT', () => ending.abort());
  await withClient(need('database-url'), async (client) => {
    const events = tail(client, values.source ?? 'local', { from: position(), signal: ending.signal });
    for await (const event of events) print(JSON.stringify(event));
  });
  return true;
}

/** What a module given to `replay` exports as `open`. */
interface ReplayModule {
  open(env: NodeJS.ProcessEnv): { readonly consumers: readonly ConsumerDefinition<EventTransaction>[]; close(): Promise<unknown> };
}

async function runReplay(): Promise<boolean> {
  const from = position();
  const module: ReplayModule = await import(pathToFileURL(need('module')).href);
  const { consumers, close } = module.open(process.env);
  try {
    return await replayFor(consumers, from);
  } finally {
    await close();
  }
}

async function replayFor(consumers: readonly ConsumerDefinition<EventTransaction>[], from: number): Promise<boolean> {
  const name = need('consumer');
  const consumer = consumers.find((each) => each.name === name);
  if (consumer === undefined) {
    throw new UsageError(`${need('module')} has no consumer "${name}", but ${consumers.map((each) => each.name).join(', ')}`);
  }
  const { subscriptions, transaction } = consumer;
  const { type: types, again: isAgain } = values;
  return withClient(need('source-url'), async (db) => {
    const log = { db, source: need('source'), position: from };
    return report('handled', await replay({ consumer: name, subscriptions, transaction, from: log, isAgain, ...(types ? { types } : {}) }));
  });
}

async function writeAsyncApi(isWritten: boolean): Promise<boolean> {
  if (isWritten) await writeFile(ASYNC_API_FILE, asyncApiText());
  else process.stdout.write(asyncApiText());
  return true;
}

/** Adds the versions that are new to the released ones, unless one that was released is no longer as it was. */
async function release(): Promise<boolean> {
  const current = schemasOf(allEvents);
  const faults = releaseFaults(await readReleases(), current);
  const broken = faults.filter(({ kind }) => kind !== 'unreleased');
  for (const fault of broken) process.stderr.write(`${describeFault(fault)}\n`);
  if (broken.length > 0) return false;
  for (const { event, version } of faults) {
    await addReleases({ [event]: { [version]: current[event]?.[version] } });
    print(`released: event "${event}" version ${version}`);
  }
  return true;
}

async function main([command, action]: readonly string[]): Promise<boolean> {
  switch (command) {
    case 'dlq':
      return runDlq(action);
    case 'asyncapi':
      return writeAsyncApi(values.write);
    case 'release':
      return release();
    case 'tail':
      return runTail();
    case 'replay':
      return runReplay();
    default:
      throw new UsageError(`unknown command "${command ?? ''}"`);
  }
}

try {
  process.exitCode = (await main(positionals)) ? 0 : 1;
} catch (error) {
  const isUsage = error instanceof UsageError;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${isUsage ? `${USAGE}\n` : ''}`);
  process.exitCode = isUsage ? 2 : 1;
}
