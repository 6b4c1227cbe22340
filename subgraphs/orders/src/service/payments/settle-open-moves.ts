import type { Deps } from '../deps.ts';
import { performMove } from './move-money.ts';

/** Moves that are asked for this long may be asked for again: whoever began them has died or given up. */
const openForMs = 30_000;

/** Finds out how captures and refunds ended whose outcome nobody learned. The same key moves money once at the provider. */
export async function settleOpenMoves(deps: Deps): Promise<number> {
  const open = await deps.db.paymentOperation.findMany({
    where: {
      kind: { in: ['CAPTURE', 'REFUND'] },
      status: { in: ['PENDING', 'UNKNOWN'] },
      checkedAt: { lt: new Date(deps.now().getTime() - openForMs) },
    },
    orderBy: { checkedAt: 'asc' },
    take: 50,
    select: { key: true },
  });
  for (const { key } of open) {
    await deps.db.paymentOperation.update({ where: { key }, data: { checkedAt: deps.now() } });
    await performMove(deps, key);
  }
  return open.length;
}
