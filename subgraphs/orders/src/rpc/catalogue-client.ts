import { CatalogService, fromRpcError, type RpcConnection, type Variant } from '@app/rpc';
import type { Catalogue, CatalogueVariant } from '../service/ports.ts';

/** Asks products what it sells, over gRPC. */
export function createCatalogueClient(connection: RpcConnection): Catalogue {
  const client = connection.client(CatalogService);
  return {
    variants: async (ids, currency) => {
      try {
        const { variants } = await client.getVariants({ ids: [...new Set(ids)], currency });
        return new Map(variants.map((variant) => [variant.id, toVariant(variant)]));
      } catch (error) {
        throw fromRpcError(error);
      }
    },
  };
}

function toVariant({
  id,
  sku,
  title,
  productId,
  purchasable,
  priceMinor,
  weightGrams,
  taxCategory,
  imageUrl,
  maxOrderQuantity,
}: Variant): CatalogueVariant {
  return {
    id,
    sku,
    title,
    productId,
    purchasable,
    priceMinor: priceMinor === undefined ? null : Number(priceMinor),
    weightGrams,
    taxCategory,
    imageUrl: imageUrl === '' ? null : imageUrl,
    maxOrderQuantity,
  };
}
