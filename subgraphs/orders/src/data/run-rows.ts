import type { Prisma } from './client/client.ts';
import type { Database, Queryable, Tx } from './database.ts';
import { toJson } from './json.ts';

/** A run and what is known of its steps. */
export type RunRow = Prisma.RunGetPayload<{ include: { steps: true } }>;

/** A new run, already leased to whoever starts it. */
export interface NewRun {
  readonly id: string;
  readonly workflow: string;
  readonly orderId: string;
  readonly input: object;
  readonly leasedTo: Date;
}

export async function createRun(tx: Tx, run: NewRun): Promise<void> {
  await tx.run.create({ data: { ...run, input: toJson(run.input) } });
}

export function findRun(db: Queryable, id: string): Promise<RunRow | null> {
  return db.run.findUnique({ where: { id }, include: { steps: true } });
}

/** Takes or extends a lease: the time it lasts until is the fencing token, so a holder that slept too long stops. */
export async function moveLease(db: Queryable, id: string, lease: { from: Date; to: Date }): Promise<boolean> {
  const { count } = await db.run.updateMany({
    where: { id, leasedTo: lease.from, status: { in: ['RUNNING', 'WAITING'] } },
    data: { leasedTo: lease.to, status: 'RUNNING' },
  });
  return count === 1;
}

/** Runs that nobody works on although they are not finished. */
export async function overdueRuns(db: Database, now: Date, limit: number): Promise<{ id: string; workflow: string; leasedTo: Date }[]> {
  return db.run.findMany({
    where: { status: { in: ['RUNNING', 'WAITING'] }, leasedTo: { lte: now } },
    orderBy: { leasedTo: 'asc' },
    take: limit,
    select: { id: true, workflow: true, leasedTo: true },
  });
}
