import { type DataOf, EventHandler, type ReceivedEvent } from '@app/events';
import { PaymentAuthorized, PaymentDeclined } from '@app/events/catalogue/payment.events';
import type { Deps } from '../service/deps.ts';
import { waitingRunOf } from '../service/payments/waiting-run.ts';
import type { Tx } from '../service/transaction.ts';
import { paymentSignal } from '../workflows/place-order/authorize-payment.ts';

/**
 * Payments' events: an order that waits for its customer goes on when the customer decided. The event is a signal only: the run asks
 * payments how it stands, and is the only one who writes that down.
 */
export class PaymentHandlers {
  constructor(private readonly deps: Pick<Deps, 'runs'>) {}

  @EventHandler(PaymentAuthorized)
  onAuthorized({ data }: ReceivedEvent<DataOf<typeof PaymentAuthorized>>, tx: Tx): Promise<void> {
    return this.tell(tx, data.key);
  }

  @EventHandler(PaymentDeclined)
  onDeclined({ data }: ReceivedEvent<DataOf<typeof PaymentDeclined>>, tx: Tx): Promise<void> {
    return this.tell(tx, data.key);
  }

  private async tell(tx: Tx, key: string): Promise<void> {
    const runId = await waitingRunOf(tx, key);
    if (runId !== null) await this.deps.runs.signal(tx, runId, paymentSignal);
  }
}
