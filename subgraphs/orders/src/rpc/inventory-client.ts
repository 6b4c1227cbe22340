import { fromRpcError, InventoryService, type RpcConnection } from '@app/rpc';
import type { Inventory, StockLine } from '../service/ports.ts';

/** Commands stock in products, over gRPC. Every command is idempotent there, so an unknown outcome is repeated. */
export function createInventoryClient(connection: RpcConnection): Inventory {
  const client = connection.client(InventoryService);
  return {
    reserve: (orderId, lines, ttlSeconds) =>
      translated(async () => {
        const { reserved, shortages } = await client.reserve({ orderId, lines: lines.map(toLine), ttlSeconds });
        if (!reserved && shortages.length === 0) throw new Error(`products holds nothing for ${orderId} and does not say why`);
        return reserved ? [] : shortages.map(({ variantId, requested, available }) => ({ variantId, requested, available }));
      }),
    release: (orderId) => translated(async () => void (await client.release({ orderId }))),
    commit: (orderId) => translated(async () => (await client.commit({ orderId })).committed),
    ship: (orderId, shipmentId, lines) =>
      translated(async () => (await client.ship({ orderId, shipmentId, lines: lines.map(toLine) })).shipped),
    restock: (orderId, sourceId, lines) =>
      translated(async () => void (await client.restock({ orderId, sourceId, lines: lines.map(toLine) }))),
  };
}

function toLine({ variantId, quantity }: StockLine): StockLine {
  return { variantId, quantity };
}

async function translated<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw fromRpcError(error);
  }
}
