import type { Deps } from './deps.ts';

/** Closes carts that nobody used for long. Those that are being ordered are left to their order. */
export async function expireCarts(deps: Deps): Promise<number> {
  const { count } = await deps.db.cart.updateMany({
    where: { status: 'OPEN', expiresAt: { lt: deps.now() } },
    data: { status: 'EXPIRED' },
  });
  return count;
}
