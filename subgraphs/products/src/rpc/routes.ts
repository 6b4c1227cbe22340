import { CatalogService, callerKey, InventoryService, type Line } from '@app/rpc';
import { Code, ConnectError, type ConnectRouter, type HandlerContext } from '@connectrpc/connect';
import type { UnitLine } from '../domain/order-lines.ts';
import { restock, ship } from '../service/move-stock.ts';
import type { ProductsApp } from '../service/ports.ts';
import { commit, release, reserve } from '../service/reserve-stock.ts';
import { readOffers } from '../service/sell.ts';

/** The commands and questions that other services send. */
export function rpcRoutes(app: ProductsApp): (router: ConnectRouter) => void {
  return (router) => {
    router.service(InventoryService, {
      reserve: async ({ orderId, lines, ttlSeconds }, context) => {
        onlyOrders(context);
        const outcome = await reserve(app, { orderId, lines: unitLines(lines), ttlSeconds });
        return outcome.kind === 'reserved' ? { reserved: true } : { reserved: false, shortages: [...outcome.shortages] };
      },
      release: async ({ orderId }, context) => {
        onlyOrders(context);
        return { released: await release(app, orderId) };
      },
      commit: async ({ orderId }, context) => {
        onlyOrders(context);
        return { committed: await commit(app, orderId) };
      },
      ship: async ({ orderId, shipmentId, lines }, context) => {
        onlyOrders(context);
        return { shipped: await ship(app, { orderId, sourceId: shipmentId, lines: unitLines(lines) }) };
      },
      restock: async ({ orderId, sourceId, lines }, context) => {
        onlyOrders(context);
        await restock(app, { orderId, sourceId, lines: unitLines(lines) });
        return {};
      },
    });
    router.service(CatalogService, {
      getVariants: async ({ ids, currency }) => {
        const offers = await readOffers(app, ids, currency);
        return {
          variants: offers.map(({ priceMinor, ...offer }) => ({
            ...offer,
            ...(priceMinor !== null && { priceMinor: BigInt(priceMinor) }),
          })),
        };
      },
    });
  };
}

/** Threat: another service that holds this service's key moves stock. Reason: only orders owns orders. Consequence: it is refused. */
function onlyOrders({ values }: HandlerContext): void {
  if (values.get(callerKey).issuer !== 'orders') throw new ConnectError('only orders moves stock', Code.PermissionDenied);
}

function unitLines(lines: readonly Line[]): UnitLine[] {
  return lines.map(({ variantId, quantity }) => ({ variantId, quantity }));
}
