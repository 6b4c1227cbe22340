import type { Principal } from '@app/auth';
import { newId } from '@app/database';
import { readDisagreements } from '@services/payments/invariants';
import { PaymentOutcomeUnknown, type PaymentProvider } from '../payments/payment-provider.ts';
import { settleUnknown } from '../service/settle-unknown.ts';
import { codes, type Field, type OrdersKit, orderFields, orderOf } from './orders-kit.ts';

/** Pieces of a line of an order. */
export interface Pieces {
  readonly lineId: string;
  readonly quantity: number;
}

/** An order that was confirmed, as it was then. */
export interface Bought {
  readonly id: string;
  readonly buyer: Principal;
  readonly variantIds: readonly string[];
  readonly lines: readonly { readonly id: string; readonly quantity: number; readonly total: { readonly minor: number } }[];
  readonly totalMinor: number;
  readonly paymentId: string;
}

/** Codes that take something off, each in its own way, once {@link SalesDesk.createPromotions} was called; undefined is none. */
export const promotionCodes = [undefined, 'SOME', 'ALL', 'FREIGHT', 'FIXED'] as const;

/** Argument that selects what a mutation is about; of all others it is `orderId`. */
const selectors: Readonly<Record<string, string>> = { orderCancel: 'id', returnResolve: 'id', paymentCapture: 'paymentId' };

/** What customers and staff do with orders after they were placed. */
export class SalesDesk {
  readonly staff: Principal & { readonly id: string };
  /** The payments service as it is, for calls that stand in for it. */
  readonly payments: PaymentProvider;

  /** `variants`: number of the first variant that it puts on sale. */
  constructor(
    private readonly kit: OrdersKit,
    private variants: number,
  ) {
    this.staff = kit.person('ORDER_MANAGER');
    this.payments = { ...kit.deps.payments };
  }

  /** Puts something between orders and the payments service; nothing puts it back. */
  instead(calls: Partial<PaymentProvider> = this.payments): void {
    Object.assign(this.kit.deps.payments, calls);
  }

  /** The payments service refuses every one of them. */
  refuse(call: 'capture' | 'refund'): void {
    this.instead({ [call]: async () => ({ kind: 'failed', ref: 'refused', code: 'refused' }) });
  }

  /** Captures succeed, and nobody hears of it. */
  loseCaptureAnswers(): void {
    this.instead({
      capture: async (request) => {
        await this.payments.capture(request);
        throw new PaymentOutcomeUnknown('lost on its way back');
      },
    });
  }

  async createPromotions(): Promise<void> {
    const off = (code: string, facts: object) => ({ id: newId('pro'), code, title: code, kind: 'PERCENT' as const, ...facts });
    const promotions = [off('SOME', { percent: 7 }), off('ALL', { percent: 100 }), off('FREIGHT', { kind: 'FREE_SHIPPING' })];
    const fixed = off('FIXED', { kind: 'FIXED', currency: 'EUR', amountMinor: 1_333n });
    await this.kit.db.promotion.createMany({ data: [...promotions, fixed] });
  }

  /** The line to payments loses one in four requests, and one in four answers. */
  loseAnswers(random: (below: number) => number): void {
    const lossy =
      <Request, Outcome>(call: (request: Request) => Promise<Outcome>) =>
      async (request: Request) => {
        if (random(4) === 0) throw new PaymentOutcomeUnknown('lost on its way');
        const outcome = await call(request);
        if (random(4) === 0) throw new PaymentOutcomeUnknown('lost on its way back');
        return outcome;
      };
    const { capture, refund, void: release } = this.payments;
    this.instead({ capture: lossy(capture), refund: lossy(refund), void: lossy(release) });
  }

  /** A confirmed order; a code takes something off. Cards are tried in turn: the last one pays. @throws Error when it is not confirmed. */
  async bought(
    goods: readonly { readonly quantity: number; readonly priceMinor?: number }[],
    code?: string,
    [card = 'tok_success', ...others]: readonly string[] = [],
  ): Promise<Bought> {
    const { kit } = this;
    const buyer = kit.person();
    const variantIds = goods.map(({ priceMinor = 1_999 }) => {
      this.variants += 1;
      return kit.stock.offer(this.variants, { priceMinor });
    });
    const lines = goods.map(({ quantity }, index) => ({ variantId: variantIds[index] ?? '', quantity }));
    const cart = await kit.readyCart(lines, buyer);
    const cheaper = code === undefined ? cart : await this.withCode(cart.id, code, buyer);
    const { id } = orderOf(await kit.place(cheaper, buyer, { token: card }));
    for (const paymentMethodToken of others) await this.run('orderPaymentRetry', id, 'PaymentRetryInput', { paymentMethodToken }, buyer);
    await this.settle();
    const { data } = await kit.ask(`{ order(id: "${id}") { status lines { id quantity total { minor } } payments { id } } }`, {}, buyer);
    const order = data?.['order'] as { status: string; lines: Bought['lines']; payments: { id: string }[] } | undefined;
    if (order?.status !== 'CONFIRMED') throw new Error(`the order is ${order?.status}`);
    const paymentId = order.payments.at(-1)?.id ?? '';
    return { id, buyer, variantIds, lines: order.lines, totalMinor: cheaper.total.minor, paymentId };
  }

  /** Works on, as the worker does, until every run has ended: a busy machine takes its time. @throws Error naming those that do not. */
  async settle(): Promise<void> {
    const { kit } = this;
    for (let round = 0; round < 20 && (await kit.openRuns()) > 0; round += 1) {
      kit.ahead += 60_000;
      await kit.continueRuns();
      await settleUnknown(kit.deps);
    }
    const open = await kit.db.$queryRaw<object[]>`SELECT id, status, step, last_error FROM workflow.run WHERE ended_at IS NULL`;
    if (open.length > 0) throw new Error(`runs that do not end: ${JSON.stringify(open)}`);
  }

  run(name: string, id: string, type: string, input: object, principal: Principal = this.staff): Promise<Field> {
    const query = `mutation ($id: ID!, $input: ${type}!) { ${name}(${selectors[name] ?? 'orderId'}: $id, input: $input) { ${orderFields} } }`;
    return this.kit.mutate(query, { id, input: { idempotencyKey: newId('key'), ...input } }, principal);
  }

  /** So many pieces of the first line. */
  pieces({ lines }: Bought, quantity: number): Pieces[] {
    return [{ lineId: lines[0]?.id ?? '', quantity }];
  }

  /** What so many pieces of the first line cost. */
  costOf({ lines }: Bought, quantity: number): number {
    return Math.floor(((lines[0]?.total.minor ?? 0) * quantity) / (lines[0]?.quantity ?? 1));
  }

  ship({ id }: Bought, lines: readonly Pieces[]): Promise<Field> {
    return this.run('fulfillmentCreate', id, 'FulfillmentCreateInput', { lines });
  }

  cancel({ id, buyer }: Bought, principal: Principal = buyer): Promise<Field> {
    return this.run('orderCancel', id, 'OrderCancelInput', { reason: 'changed my mind' }, principal);
  }

  capture({ paymentId }: Bought, minor: number): Promise<Field> {
    return this.run('paymentCapture', paymentId, 'PaymentAmountInput', { amount: { minor, currency: 'EUR' } });
  }

  refund({ id }: Bought, minor: number, more: object = {}): Promise<Field> {
    return this.run('refundCreate', id, 'RefundCreateInput', { amount: { minor, currency: 'EUR' }, reason: 'goodwill', ...more });
  }

  /** An approved return of pieces that arrived. */
  async approved({ id: orderId, buyer }: Bought, back: readonly Pieces[]): Promise<string> {
    const input = { lines: back.map((line) => ({ ...line, reason: 'OTHER' })) };
    const asked = await this.run('returnRequest', orderId, 'ReturnRequestInput', input, buyer);
    if (codes(asked).length > 0) throw new Error(`no return: ${codes(asked).join(', ')}`);
    const { id = '' } = (orderOf(asked)['returns'] as { id: string }[]).at(-1) ?? {};
    await this.run('returnResolve', id, 'ReturnResolveInput', { decision: 'APPROVE' });
    return id;
  }

  receive(returnId: string): Promise<Field> {
    return this.run('returnResolve', returnId, 'ReturnResolveInput', { decision: 'MARK_RECEIVED' });
  }

  async bringBack(order: Bought, back: readonly Pieces[]): Promise<Field> {
    return this.receive(await this.approved(order, back));
  }

  paymentOf({ paymentId }: Bought) {
    return this.kit.db.payment.findUniqueOrThrow({ where: { id: paymentId } });
  }

  /** What was taken and did not go back, in minor units. */
  async keptOf(order: Bought): Promise<number> {
    const { capturedMinor, refundedMinor } = await this.paymentOf(order);
    return Number(capturedMinor - refundedMinor);
  }

  rowOf({ id }: Bought) {
    return this.kit.db.order.findUniqueOrThrow({ where: { id } });
  }

  /** Where orders, payments and the sandbox disagree. */
  disagreements() {
    return readDisagreements({ payments: this.kit.payments.databaseUrl, orders: this.kit.config.DATABASE_URL_ORDERS });
  }

  private async withCode(id: string, code: string, buyer: Principal) {
    const query = `mutation { cartPromotionApply(cartId: "${id}", code: "${code}") { cart { version totals { total { minor currency } } } } }`;
    const { version, totals } = (await this.kit.mutate(query, {}, buyer))['cart'] as {
      version: number;
      totals: { total: { minor: number; currency: string } };
    };
    return { id, version, total: totals.total };
  }
}
