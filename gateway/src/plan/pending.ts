import { AppError } from '@app/errors';

/** What is being made for several callers, each of whom waits as long as its signal lets it. */
export class Pending<Product> {
  private readonly product: Promise<Product>;
  private waiting = 0;

  /** `make` may ask whether anybody waits still: what nobody waits for need not be begun. */
  constructor(make: (isAwaited: () => boolean) => Promise<Product>) {
    this.product = make(() => this.waiting > 0);
    // Whoever could be told may have left.
    this.product.catch(() => undefined);
  }

  /** @throws {AppError} the signal's reason once it is aborted, `TIMEOUT` when that is none of our errors. */
  wait(signal: AbortSignal | undefined): Promise<Product> {
    this.waiting += 1;
    return signal === undefined ? this.product : this.untilAborted(signal);
  }

  private untilAborted(signal: AbortSignal): Promise<Product> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.waiting -= 1;
        reject(signal.reason instanceof AppError ? signal.reason : new AppError('TIMEOUT', undefined, { cause: signal.reason }));
      };
      if (signal.aborted) return leave();
      signal.addEventListener('abort', leave, { once: true });
      this.product.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    });
  }
}
