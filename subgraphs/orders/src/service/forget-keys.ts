import type { Deps } from './deps.ts';

/** How long a used idempotency key is known. */
const keyLifeMs = 48 * 3_600_000;

/** Forgets keys that were used long ago: whoever sends one again by then means another call. Answers how many. */
export async function forgetKeys({ db, now }: Deps): Promise<number> {
  const { count } = await db.idempotencyKey.deleteMany({ where: { createdAt: { lt: new Date(now().getTime() - keyLifeMs) } } });
  return count;
}
