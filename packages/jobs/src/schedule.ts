import type { Queue } from 'bullmq';
import type { JobDefinition } from './define-job.ts';
import { checked, optionsOf } from './job-queue.ts';

/** When a job runs by itself: by a cron expression, or in even steps of milliseconds since the epoch. */
export type Rhythm = { readonly cron: string; readonly timeZone?: string } | { readonly everyMs: number };

/** A job that runs by itself; one run per time, however many workers there are. */
export interface Schedule<Data = unknown> {
  /** Names the schedule inside its queue. */
  readonly id: string;
  readonly definition: JobDefinition<Data>;
  readonly data: Data;
  readonly rhythm: Rhythm;
}

/** Declares that a job runs by itself. */
export function schedule<Data>(
  id: string,
  definition: JobDefinition<Data>,
  options: { readonly data: Data; readonly rhythm: Rhythm },
): Schedule {
  return { id, definition, ...options } as unknown as Schedule;
}

/** Puts in the schedules that the queue lacks or has otherwise, and takes out those that are no longer declared. */
export async function keepSchedules(queue: Queue, schedules: readonly Schedule[]): Promise<void> {
  const known = new Map((await queue.getJobSchedulers()).map((each) => [each.key, each]));
  for (const { id, definition, data, rhythm } of schedules) {
    const repeat = 'cron' in rhythm ? { pattern: rhythm.cron, tz: rhythm.timeZone } : { every: rhythm.everyMs };
    const found = known.get(id);
    known.delete(id);
    if (found && textOf(found) === textOf(repeat)) continue;
    const template = { name: definition.name, data: { data: checked(definition, data) }, opts: optionsOf(definition) };
    await queue.upsertJobScheduler(id, repeat, template);
  }
  for (const id of known.keys()) await queue.removeJobScheduler(id);
}

function textOf({ pattern, every, tz }: { pattern?: string; every?: number; tz?: string }): string {
  return `${pattern ?? every} ${tz ?? ''}`;
}
