/** Retries a quiet circuit may make before any call has earned one. */
const RESERVE = 3;

/** Longest row of retries after a long calm. */
const MOST = 20;

/**
 * Keeps retries to a share of all calls: each call earns `ratio` of a retry, each retry costs one.
 * (The retry budget of Google's SRE book, chapter 21.)
 */
export class RetryBudget {
  private tokens = RESERVE;
  private readonly ratio: number;

  constructor(ratio: number) {
    this.ratio = ratio;
  }

  earn(): void {
    this.tokens = Math.min(MOST, this.tokens + this.ratio);
  }

  /** Takes a retry from the budget; false when it is used up. */
  take(): boolean {
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
