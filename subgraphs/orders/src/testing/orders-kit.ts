import { anonymous, InternalSigner, type Principal, type Role, userPrincipal } from '@app/auth';
import { newId } from '@app/database';
import { createLogger } from '@app/observability';
import { testDatabase, testRedis } from '@app/testing';
import type { WorkflowWorker } from '@app/workflow';
import { until } from '@app/workflow/testing/until';
import { PaymentsKit } from '@services/payments/testing';
import { startOrders } from '../app.ts';
import { type OrdersConfig, readConfig } from '../config.ts';
import { startWorkflows } from '../workflows/start-workflows.ts';
import { StockRoom } from './stock-room.ts';

const key = 'key-of-the-orders-subgraph-in-tests!';
const paymentsKey = 'key-of-the-payments-service-in-the-tests';
const productsKey = 'key-of-the-products-subgraph-in-test';

/** Key ring of the tests: the first key encrypts. */
export const encryptionKeys = `k1:${Buffer.alloc(32, 1).toString('base64')}`;

/** One object of an answer, looked into by the tests that asked for it. */
export interface Field {
  readonly [name: string]: unknown;
}

/** What a GraphQL request answered. */
export interface Answer {
  readonly status: number;
  readonly data: Readonly<Record<string, Field>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

/** A cart that can be ordered. */
export interface ReadyCart {
  readonly id: string;
  readonly version: number;
  readonly total: { readonly minor: number; readonly currency: string };
}

export const orderFields =
  'order { id number status paymentStatus fulfillmentStatus failureReason version lines { id quantity fulfilledQuantity cancelledQuantity returnedQuantity total { minor } } totals { total { minor currency } } payments { id status amount { minor } captured { minor } refunded { minor } } returns { id status } fulfillments { id status } availableActions nextAction { url } } replayed userErrors { __typename code message path }';

const cartFields =
  'cart { id version status totals { total { minor currency } } shippingOptions { id } lines { id quantity variant { id } } problems { code } } userErrors { __typename code message path }';

interface KitOptions {
  readonly executes?: boolean;
  readonly isCached?: boolean;
}

/** The orders server on its own database and Redis, with a stock room and the payments service behind it, reached over HTTP as the gateway reaches it. */
export class OrdersKit implements AsyncDisposable {
  /** Added to the clock of the server, in milliseconds. */
  ahead = 0;
  /** SQL of every statement since it was last emptied. */
  readonly statements: string[] = [];
  /** Every line that the server logged at warning or above. */
  readonly log: string[] = [];
  /** Connection string of the database as its owner. */
  ownerUrl = '';
  /** Variables of the server, for processes beside it. */
  environment: Readonly<Record<string, string>> = {};
  /** The same, read. */
  config!: OrdersConfig;
  private readonly signer = new InternalSigner('orders', key, 'gateway');
  private running!: Awaited<ReturnType<typeof startOrders>>;
  private readonly owned = new AsyncDisposableStack();
  private room!: StockRoom;
  private executing: WorkflowWorker | undefined;
  /** The payments service, with the sandbox in it. */
  payments!: PaymentsKit;

  /** With `executes: false` no runs are executed: something else does, or nothing shall. Answers are kept in Redis only when `isCached`. */
  static async start({ executes = true, isCached = false }: KitOptions = {}): Promise<OrdersKit> {
    const kit = new OrdersKit();
    const database = kit.owned.use(await testDatabase('orders'));
    const redis = kit.owned.use(await testRedis());
    kit.room = kit.owned.use(await StockRoom.start(productsKey, () => Date.now() + kit.ahead));
    kit.ownerUrl = database.ownerUrl;
    kit.payments = kit.owned.use(
      await PaymentsKit.start({ key: paymentsKey, redisUrl: redis.url, now: () => new Date(Date.now() + kit.ahead) }),
    );
    kit.environment = {
      ORDERS_PORT: '0',
      DATABASE_URL_ORDERS: database.url,
      REDIS_URL: redis.url,
      INTERNAL_KEY_ORDERS: key,
      ENCRYPTION_KEYS: encryptionKeys,
      INTERNAL_KEY_PRODUCTS: productsKey,
      PRODUCTS_RPC_URL: kit.room.url,
      INTERNAL_KEY_PAYMENTS: paymentsKey,
      PAYMENTS_RPC_URL: kit.payments.rpcUrl,
      SUBGRAPH_CACHE: String(isCached),
    };
    const config = readConfig(kit.environment);
    kit.config = config;
    const logger = createLogger({ service: 'orders', level: 'warn', destination: { write: (line: string) => void kit.log.push(line) } });
    kit.running = await startOrders({
      config,
      logger,
      now: () => new Date(Date.now() + kit.ahead),
      onQuery: (sql) => void kit.statements.push(sql),
    });
    if (executes) kit.executing = await startWorkflows(config, kit.deps);
    await kit.seedTables();
    await until('commits are heard of', async () => kit.parts.committed?.isListening === true);
    return kit;
  }

  get stock(): StockRoom {
    return this.room;
  }

  get parts() {
    return this.running.parts;
  }

  get deps() {
    return this.running.parts.deps;
  }

  get db() {
    return this.running.parts.db;
  }

  get url(): string {
    return `http://localhost:${this.running.server.port}`;
  }

  /** Sends an operation, signed as the gateway does. */
  async ask(query: string, variables: object = {}, principal: Principal = anonymous): Promise<Answer> {
    const response = await this.send(query, variables, principal);
    return { status: response.status, ...((await response.json()) as { data: Answer['data'] }) };
  }

  /** How the answer may be kept: its `cache-control`. */
  async policyOf(query: string, variables: object, principal: Principal): Promise<string | null> {
    return (await this.send(query, variables, principal)).headers.get('cache-control');
  }

  private send(query: string, variables: object, principal: Principal): Promise<Response> {
    const body = JSON.stringify({ query, variables });
    const headers = { 'content-type': 'application/json', ...this.signer.sign(principal, body) };
    return fetch(`${this.url}/graphql`, { method: 'POST', headers, body });
  }

  /** The one field of a mutation. @throws Error when the answer is a fault. */
  async mutate(query: string, variables: object = {}, principal: Principal = anonymous): Promise<Field> {
    const { data, errors } = await this.ask(query, variables, principal);
    const field = Object.values(data ?? {})[0];
    if (errors || !field) throw new Error(`${query}: ${JSON.stringify(errors)}`);
    return field;
  }

  /** A signed-in person with roles. */
  person(...roles: Role[]): Principal & { readonly id: string } {
    return userPrincipal(newId('usr'), newId('ses'), ['CUSTOMER', ...roles]);
  }

  /** A cart with contact, address and shipping, as a customer would have it before ordering. */
  async readyCart(
    lines: readonly { variantId: string; quantity: number }[],
    principal: Principal = anonymous,
    moreAddress: object = {},
  ): Promise<ReadyCart> {
    const created = await this.mutate(
      `mutation ($input: CartCreateInput!) { cartCreate(input: $input) { ${cartFields} } }`,
      { input: { lines } },
      principal,
    );
    const id = (created['cart'] as { id: string } | null)?.id;
    if (!id) throw new Error(`no cart: ${JSON.stringify(created['userErrors'])}`);
    const address = { name: 'Ada', line1: 'Street 1', city: 'Bonn', countryCode: 'DE', ...moreAddress };
    const contact = await this.mutate(
      `mutation ($id: ID!, $input: CartContactInput!) { cartContactSet(cartId: $id, input: $input) { ${cartFields} } }`,
      { id, input: { email: 'ada@example.com', shippingAddress: address } },
      principal,
    );
    const option = (contact['cart'] as { shippingOptions: { id: string }[] }).shippingOptions[0]?.id;
    const selected = await this.mutate(
      `mutation ($id: ID!, $option: ID!) { cartShippingSelect(cartId: $id, optionId: $option) { ${cartFields} } }`,
      { id, option },
      principal,
    );
    const { version, totals } = selected['cart'] as { version: number; totals: { total: ReadyCart['total'] } };
    return { id, version, total: totals.total };
  }

  /** Orders a cart as it was seen. */
  place(cart: ReadyCart, principal: Principal = anonymous, more: { token?: string; key?: string } = {}): Promise<Field> {
    const { id: cartId, version: cartVersion, total: expectedTotal } = cart;
    const input = {
      cartId,
      cartVersion,
      expectedTotal,
      paymentMethodToken: more.token ?? 'tok_success',
      idempotencyKey: more.key ?? `key-${newId('key')}`,
    };
    return this.mutate(`mutation ($input: OrderPlaceInput!) { orderPlace(input: $input) { ${orderFields} } }`, { input }, principal);
  }

  /** Takes up every run that waits or pauses, and waits until each rests again; answers which they were. */
  async continueRuns(): Promise<string[]> {
    const paused = await this.restingRuns();
    for (const { id } of paused) await this.running.parts.workflows.resume(id);
    for (const { id, stamp } of paused) {
      await until(`the run ${id} rests again`, async () => (await this.restingRuns()).every((run) => run.id !== id || run.stamp !== stamp));
    }
    await this.restingRuns();
    return paused.map(({ id }) => id);
  }

  /** How many runs have not ended. */
  async openRuns(): Promise<number> {
    return (await this.restingRuns()).length;
  }

  /** Runs that have not ended, once none is worked on; the stamp changes with every change. */
  private async restingRuns(): Promise<{ id: string; stamp: string }[]> {
    const open = () => this.db.$queryRaw<{ id: string; stamp: string; rests: boolean }[]>`
      SELECT id, xmin::text AS stamp, status NOT IN ('RUNNING', 'COMPENSATING') OR until IS NOT NULL AS rests
      FROM workflow.run WHERE ended_at IS NULL ORDER BY created_at`;
    return until('all runs rest', async () => {
      const runs = await open();
      return runs.every(({ rests }) => rests) && runs;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.executing?.stop();
    await this.running.server.close();
    await this.running.parts.close();
    await this.owned.disposeAsync();
  }

  /** A rate card and taxes for Germany, and what the migrations do not bring. */
  private async seedTables(): Promise<void> {
    const rate = { country: 'DE', currency: 'EUR', maxGrams: 30_000, priceMinor: 490n, minDays: 2, maxDays: 4 };
    await this.db.shippingRate.createMany({ data: [{ ...rate, id: 'rate_test', methodName: 'Parcel' }], skipDuplicates: true });
    await this.db.taxRate.createMany({
      data: [{ country: 'DE', category: 'standard', title: 'VAT 19 %', rate: '0.19' }],
      skipDuplicates: true,
    });
  }
}

/** Codes of the user errors of a payload. */
export function codes(payload: Field): string[] {
  return (payload['userErrors'] as { code: string }[]).map(({ code }) => code);
}

/** The order of a payload. */
export function orderOf(payload: Field): Field & { readonly id: string; readonly status: string } {
  return payload['order'] as Field & { id: string; status: string };
}
