/** What orders needs of others, in its own words. Adapters stand in src/rpc. */

/** What the catalogue says of a variant now. */
export interface CatalogueVariant {
  readonly id: string;
  readonly sku: string;
  readonly title: string;
  readonly productId: string;
  readonly purchasable: boolean;
  /** Null without a price in the currency asked for. */
  readonly priceMinor: number | null;
  readonly weightGrams: number;
  readonly taxCategory: string;
  readonly imageUrl: string | null;
  readonly maxOrderQuantity: number;
}

export interface Catalogue {
  /** Variants by id; unknown ones are left out. @throws {AppError} TIMEOUT or DOWNSTREAM_UNAVAILABLE. */
  variants(ids: readonly string[], currency: string): Promise<ReadonlyMap<string, CatalogueVariant>>;
}

export interface StockLine {
  readonly variantId: string;
  readonly quantity: number;
}

export interface StockShortage {
  readonly variantId: string;
  readonly requested: number;
  readonly available: number;
}

/** Stock commands. All are idempotent by order, shipment or source id. @throws {AppError} TIMEOUT when the outcome is unknown. */
export interface Inventory {
  /** Holds all lines or none; an empty list of shortages means held. Repeating it extends the hold. */
  reserve(orderId: string, lines: readonly StockLine[], ttlSeconds: number): Promise<readonly StockShortage[]>;
  /** Gives back what an order holds, for good: later it can be neither reserved nor committed. */
  release(orderId: string): Promise<void>;
  /** Makes the hold permanent. False: it had lapsed. */
  commit(orderId: string): Promise<boolean>;
  /** Takes shipped units out of stock. False: the order holds no such units. */
  ship(orderId: string, shipmentId: string, lines: readonly StockLine[]): Promise<boolean>;
  /** Puts units back. */
  restock(orderId: string, sourceId: string, lines: readonly StockLine[]): Promise<void>;
}
