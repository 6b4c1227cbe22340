import type { ThrowawaySupergraph } from '@app/platform';
import type { Finding } from '../invariants/invariant.ts';
import { settledFindings } from '../invariants/settled.ts';
import { send } from '../support/gateway.ts';
import { keepBuying, type Purchase } from './buyer.ts';
import { type Harm, keepHarming } from './harm.ts';
import { randomOf } from './random.ts';
import { keepWorking, type StaffWork } from './staff.ts';

/** How long, with which seed, by how many. */
export interface RoundOptions {
  readonly seconds: number;
  readonly seed: number;
  readonly buyers: number;
  /** How long the graph gets to come to rest afterwards, in seconds. */
  readonly settleSeconds: number;
}

/** What happened in a round, and what it left behind. */
export interface Round {
  readonly options: RoundOptions;
  readonly harms: readonly Harm[];
  readonly purchases: readonly Purchase[];
  readonly staff: StaffWork;
  readonly settledMs: number;
  readonly findings: readonly Finding[];
}

/** Buyers buy and staff ships while processes, connections and Redis are harmed; then the graph settles and is inspected. */
export async function chaosRound(graph: ThrowawaySupergraph, options: RoundOptions): Promise<Round> {
  const { seconds, seed, buyers, settleSeconds } = options;
  const url = graph.gatewayUrl;
  const variantIds = await variantsInStock(url);
  const signal = AbortSignal.timeout(seconds * 1_000);
  const purchases: Purchase[] = [];
  const shoppers = Array.from({ length: buyers }, (_, n) =>
    keepBuying({ url, random: randomOf(seed + 1 + n), variantIds, signal }, (purchase) => purchases.push(purchase)),
  );
  const [harms, staff] = await Promise.all([
    keepHarming(graph, randomOf(seed), signal),
    keepWorking(url, randomOf(seed - 1), signal),
    ...shoppers,
  ]);
  const calmAt = performance.now();
  const urls = Object.fromEntries(Object.entries(graph.databaseUrls).map(([name, { owner }]) => [name, owner]));
  const findings = await settledFindings(urls, { withinMs: settleSeconds * 1_000, patienceSeconds: 0 });
  return { options, harms, purchases, staff, settledMs: Math.round(performance.now() - calmAt), findings };
}

/** Variants that can be bought now. */
export async function variantsInStock(url: string): Promise<readonly string[]> {
  interface Data {
    products: { nodes: { variants: { nodes: { id: string; availability: { purchasable: boolean } }[] } }[] };
  }
  const query = `query ChaosStock {
    products(first: 40, filter: { inStock: true }) { nodes { variants(first: 5) { nodes { id availability { purchasable } } } } }
  }`;
  const { data } = await send<Data>(url, { query });
  const variants = data?.products.nodes.flatMap(({ variants: { nodes } }) => nodes) ?? [];
  return variants.filter(({ availability }) => availability.purchasable).map(({ id }) => id);
}
