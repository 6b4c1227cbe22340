import type { Principal } from '@app/auth';
import type { AnswerTags, Connection, PageArguments } from '@app/subgraph';
import DataLoader from 'dataloader';
import { orderTag } from '../domain/cache-tags.ts';
import { readCarts, readCartsOf } from '../service/carts/read-carts.ts';
import type { Deps } from '../service/deps.ts';
import { type OrderRow, type OrderSearch, readOrders, readOrdersByNumber, readOrdersOf } from '../service/orders/read-orders.ts';
import {
  type EntryRow,
  readEventsOf,
  readFulfillmentsOf,
  readHistoryOf,
  readLinesOf,
  readPaymentsOf,
  readReturnsOf,
} from '../service/orders/read-parts.ts';
import { readShippingRates } from '../service/read-estimates.ts';
import { readStepsOf } from '../service/workflows/read-workflows.ts';

const options = { maxBatchSize: 500 };

/** A key with the page it wants: those with the same page are read together. */
interface Paged<Page> {
  readonly id: string;
  readonly page: Page;
}

/** What a page of an account's orders is asked with. */
export interface OrdersPage {
  readonly page: PageArguments;
  readonly search: OrderSearch;
}

/** One request's loaders: everything of one kind in one SQL statement, whatever the number of parents. */
export interface Loaders {
  readonly order: DataLoader<string, OrderRow | null>;
  readonly orderByNumber: DataLoader<string, OrderRow | null>;
  readonly cart: ReturnType<typeof cartLoader>;
  readonly cartOf: ReturnType<typeof cartLoader>;
  readonly linesOf: ReturnType<typeof linesLoader>;
  readonly paymentsOf: ReturnType<typeof paymentsLoader>;
  readonly eventsOf: ReturnType<typeof eventsLoader>;
  readonly fulfillmentsOf: ReturnType<typeof fulfillmentsLoader>;
  readonly returnsOf: ReturnType<typeof returnsLoader>;
  readonly historyOf: DataLoader<Paged<PageArguments>, Connection<EntryRow>, string>;
  readonly ordersOf: DataLoader<Paged<OrdersPage>, Connection<OrderRow> | null, string>;
  readonly shippingRates: ReturnType<typeof ratesLoader>;
  readonly workflowStepsOf: ReturnType<typeof stepsLoader>;
}

/** Whose loaders, and where they note which orders they brought. */
interface LoadersOptions {
  readonly principal: Principal;
  readonly tags: AnswerTags;
}

export function makeLoaders(deps: Deps, { principal, tags }: LoadersOptions): Loaders {
  const noted = <Row extends OrderRow | null>(rows: readonly Row[]): readonly Row[] => {
    tags.add(...rows.flatMap((row) => (row ? [orderTag(row.id)] : [])));
    return rows;
  };
  const ordersOf = async (ids: readonly string[], page: OrdersPage) => {
    const pages = await readOrdersOf(deps, principal, ids, page);
    noted(pages.flatMap((one) => one?.nodes ?? []));
    return pages;
  };
  return {
    order: new DataLoader(async (ids: readonly string[]) => noted(await readOrders(deps, principal, ids)), options),
    orderByNumber: new DataLoader(async (numbers: readonly string[]) => noted(await readOrdersByNumber(deps, principal, numbers)), options),
    cart: cartLoader((ids) => readCarts(deps, principal, ids)),
    cartOf: cartLoader((accountIds) => readCartsOf(deps, principal, accountIds)),
    linesOf: linesLoader(deps),
    paymentsOf: paymentsLoader(deps),
    eventsOf: eventsLoader(deps),
    fulfillmentsOf: fulfillmentsLoader(deps),
    returnsOf: returnsLoader(deps),
    historyOf: pagedLoader((ids, page: PageArguments) => readHistoryOf(deps, ids, page)),
    ordersOf: pagedLoader(ordersOf),
    shippingRates: ratesLoader(deps),
    workflowStepsOf: stepsLoader(deps),
  };
}

const cartLoader = (read: (ids: readonly string[]) => ReturnType<typeof readCarts>) => new DataLoader(read, options);
const linesLoader = (deps: Deps) => new DataLoader((ids: readonly string[]) => readLinesOf(deps, ids), options);
const paymentsLoader = (deps: Deps) => new DataLoader((ids: readonly string[]) => readPaymentsOf(deps, ids), options);
const eventsLoader = (deps: Deps) => new DataLoader((ids: readonly string[]) => readEventsOf(deps, ids), options);
const fulfillmentsLoader = (deps: Deps) => new DataLoader((ids: readonly string[]) => readFulfillmentsOf(deps, ids), options);
const returnsLoader = (deps: Deps) => new DataLoader((ids: readonly string[]) => readReturnsOf(deps, ids), options);
const ratesLoader = (deps: Deps) => new DataLoader((countries: readonly string[]) => readShippingRates(deps, countries), options);
const stepsLoader = (deps: Deps) => new DataLoader((ids: readonly string[]) => readStepsOf(deps, ids), options);

/** Parents that ask for the same page (as all of one field do) are read in one statement. */
function pagedLoader<Page, Result>(
  read: (ids: readonly string[], page: Page) => Promise<Result[]>,
): DataLoader<Paged<Page>, Result, string> {
  const batch = async (keys: readonly Paged<Page>[]): Promise<(Result | Error)[]> => {
    const results = new Map<string, Result | Error>();
    for (const group of Map.groupBy(keys, ({ page }) => JSON.stringify(page)).values()) {
      const [first] = group;
      if (!first) continue;
      const ids = group.map(({ id }) => id);
      const pages = await read(ids, first.page).catch((error: unknown) =>
        ids.map(() => (error instanceof Error ? error : new Error(String(error)))),
      );
      for (const [index, key] of group.entries()) results.set(keyText(key), pages[index] as Result | Error);
    }
    return keys.map((key) => results.get(keyText(key)) as Result | Error);
  };
  return new DataLoader(batch, { ...options, cacheKeyFn: keyText });
}

function keyText({ id, page }: Paged<unknown>): string {
  return `${id} ${JSON.stringify(page)}`;
}
