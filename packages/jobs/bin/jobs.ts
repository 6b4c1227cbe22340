import { parseArgs } from 'node:util';
import { DeadSet, JobQueue } from '../src/index.ts';

/** The jobs command; README.md lists what it takes. Exit code 0 when done, 1 when nothing matched or Redis is away, 2 for wrong use. */

const USAGE = `jobs counts          --redis-url URL --queue NAME
jobs dead list        --redis-url URL --queue NAME
jobs dead retry       --redis-url URL --queue NAME [--job ID]
jobs dead discard     --redis-url URL --queue NAME --job ID`;

class UsageError extends Error {}

const options = { 'redis-url': { type: 'string' }, queue: { type: 'string' }, job: { type: 'string' } } as const;

function print(value: string): void {
  process.stdout.write(`${value}\n`);
}

function need(name: string, value: string | undefined): string {
  if (value === undefined) throw new UsageError(`--${name} is missing`);
  return value;
}

async function main(args: readonly string[]): Promise<boolean> {
  const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options });
  const [command, action] = positionals;
  const place = () => ({ url: need('redis-url', values['redis-url']), name: need('queue', values.queue), onError: () => undefined });
  if (command === 'counts') return using(new JobQueue(place()), showCounts);
  if (command !== 'dead') throw new UsageError(`unknown command "${command ?? ''}"`);
  return using(new DeadSet(place()), (dead) => deadSet(dead, action, values.job));
}

async function showCounts(queue: JobQueue): Promise<boolean> {
  print(JSON.stringify(await queue.counts()));
  return true;
}

async function deadSet(dead: DeadSet, action: string | undefined, job: string | undefined): Promise<boolean> {
  switch (action) {
    case 'list': {
      for (const { id, name, attempts, error, diedAt } of await dead.list()) {
        print([id, name, diedAt.toISOString(), `${attempts} tries`, error.split('\n')[0] ?? ''].join('  '));
      }
      return true;
    }
    case 'retry':
      return report('to be tried again', await dead.retry(job));
    case 'discard':
      return report('to be forgotten', await dead.discard(need('job', job)));
    default:
      throw new UsageError(`unknown: dead ${action ?? ''}`);
  }
}

function report(what: string, count: number): boolean {
  print(`${count} ${what}`);
  return count > 0;
}

async function using<Thing extends { close(): Promise<void> }>(thing: Thing, work: (thing: Thing) => Promise<boolean>): Promise<boolean> {
  try {
    return await work(thing);
  } finally {
    await thing.close();
  }
}

try {
  process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
} catch (error) {
  const isUsage = error instanceof UsageError || (error instanceof TypeError && 'code' in error);
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${isUsage ? `${USAGE}\n` : ''}`);
  process.exitCode = isUsage ? 2 : 1;
}
