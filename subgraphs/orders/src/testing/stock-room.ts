import { CatalogService, InventoryService, type RpcServer, startRpcServer } from '@app/rpc';

/** A variant on sale in the stock room. */
export interface Offer {
  priceMinor: number;
  onHand: number;
  purchasable: boolean;
  title: string;
  weightGrams: number;
  taxCategory: string;
}

interface Hold {
  readonly lines: ReadonlyMap<string, number>;
  committed: boolean;
  /** When it lapses, in epoch milliseconds, unless it was committed. */
  expiresAtMs: number;
}

/**
 * What orders sees of products: the same gRPC contracts over a real connection, on books in memory. Holds are all or
 * nothing and idempotent by order, as the contract says; products proves its own statement against a database.
 */
export class StockRoom implements AsyncDisposable {
  readonly offers = new Map<string, Offer>();
  readonly holds = new Map<string, Hold>();
  readonly done = new Set<string>();
  /** Orders that gave back what they held: they take nothing any more. */
  private readonly released = new Set<string>();
  /** The next calls of these methods fail. */
  readonly failing = new Set<'getVariants' | 'reserve' | 'commit' | 'release' | 'ship' | 'restock'>();
  private server!: RpcServer;

  private constructor(private readonly nowMs: () => number) {}

  static async start(key: string, nowMs: () => number): Promise<StockRoom> {
    const room = new StockRoom(nowMs);
    room.server = await startRpcServer(
      {
        name: 'products',
        key,
        routes: (router) => void router.service(CatalogService, room.catalog()).service(InventoryService, room.inventory()),
      },
      0,
    );
    return room;
  }

  get url(): string {
    return `http://localhost:${this.server.port}`;
  }

  /** Puts a variant on sale; returns its id. */
  offer(n: number, offer: Partial<Offer> = {}): string {
    const id = `var_${n.toString(16).padStart(12, '0')}70008${'0'.repeat(15)}`;
    this.offers.set(id, {
      priceMinor: 1_000,
      onHand: 100,
      purchasable: true,
      title: `Thing ${n}`,
      weightGrams: 500,
      taxCategory: 'standard',
      ...offer,
    });
    return id;
  }

  /** Units of a variant that nobody holds. */
  available(id: string): number {
    this.lapse();
    const held = [...this.holds.values()].reduce((sum, { lines }) => sum + (lines.get(id) ?? 0), 0);
    return (this.offers.get(id)?.onHand ?? 0) - held;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.server.close();
  }

  private fail(method: 'getVariants' | 'reserve' | 'commit' | 'release' | 'ship' | 'restock'): void {
    if (this.failing.has(method)) throw new Error(`${method} was told to fail`);
    this.lapse();
  }

  private lapse(): void {
    for (const [orderId, { committed, expiresAtMs }] of this.holds) {
      if (!committed && expiresAtMs <= this.nowMs()) this.holds.delete(orderId);
    }
  }

  private catalog() {
    return {
      getVariants: ({ ids, currency }: { ids: string[]; currency: string }) => {
        this.fail('getVariants');
        const variants = ids.flatMap((id) => {
          const offer = this.offers.get(id);
          return offer
            ? [
                {
                  id,
                  sku: `SKU-${id.slice(4, 16)}`,
                  productId: id.replace('var_', 'prd_'),
                  productTitle: offer.title,
                  imageUrl: '',
                  ...this.facts(id, offer, currency),
                },
              ]
            : [];
        });
        return { variants };
      },
    };
  }

  private facts(id: string, { priceMinor, title, purchasable, weightGrams, taxCategory }: Offer, currency: string) {
    const hasPrice = currency === 'EUR';
    return {
      title,
      weightGrams,
      taxCategory,
      purchasable: purchasable && hasPrice,
      maxOrderQuantity: Math.min(99, this.available(id)),
      ...(hasPrice && { priceMinor: BigInt(priceMinor) }),
    };
  }

  private inventory() {
    return {
      reserve: ({
        orderId,
        lines,
        ttlSeconds,
      }: {
        orderId: string;
        lines: { variantId: string; quantity: number }[];
        ttlSeconds: number;
      }) => {
        this.fail('reserve');
        const expiresAtMs = this.nowMs() + ttlSeconds * 1_000;
        const hold = this.holds.get(orderId);
        if (hold) {
          hold.expiresAtMs = Math.max(hold.expiresAtMs, expiresAtMs);
          return { reserved: true, shortages: [] };
        }
        if (this.released.has(orderId)) throw new Error(`${orderId} was released`);
        const wanted = new Map<string, number>();
        for (const { variantId, quantity } of lines) wanted.set(variantId, (wanted.get(variantId) ?? 0) + quantity);
        const shortages = [...wanted]
          .filter(([id, quantity]) => this.available(id) < quantity)
          .map(([variantId, requested]) => ({ variantId, requested, available: this.available(variantId) }));
        if (shortages.length === 0) this.holds.set(orderId, { lines: wanted, committed: false, expiresAtMs });
        return { reserved: shortages.length === 0, shortages };
      },
      release: ({ orderId }: { orderId: string }) => {
        this.fail('release');
        this.released.add(orderId);
        return { released: this.holds.delete(orderId) };
      },
      commit: ({ orderId }: { orderId: string }) => {
        this.fail('commit');
        const hold = this.holds.get(orderId);
        if (hold) hold.committed = true;
        return { committed: hold !== undefined };
      },
      ship: ({ orderId, shipmentId, lines }: { orderId: string; shipmentId: string; lines: { variantId: string; quantity: number }[] }) => {
        this.fail('ship');
        if (this.done.has(shipmentId)) return { shipped: true };
        const hold = this.holds.get(orderId);
        if (!hold || lines.some(({ variantId, quantity }) => (hold.lines.get(variantId) ?? 0) < quantity)) return { shipped: false };
        this.done.add(shipmentId);
        const left = new Map(hold.lines);
        for (const { variantId, quantity } of lines) {
          left.set(variantId, (left.get(variantId) ?? 0) - quantity);
          this.move(variantId, -quantity);
        }
        this.holds.set(orderId, { ...hold, lines: left, committed: true });
        return { shipped: true };
      },
      restock: ({ sourceId, lines }: { sourceId: string; lines: { variantId: string; quantity: number }[] }) => {
        this.fail('restock');
        if (!this.done.has(sourceId)) for (const { variantId, quantity } of lines) this.move(variantId, quantity);
        this.done.add(sourceId);
        return {};
      },
    };
  }

  private move(id: string, delta: number): void {
    const offer = this.offers.get(id);
    if (offer) offer.onHand += delta;
  }
}
