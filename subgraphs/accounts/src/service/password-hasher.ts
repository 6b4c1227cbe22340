import { AppError } from '@app/errors';
import { hash, verify } from '@node-rs/argon2';

/** argon2id (RFC 9106) with the parameters of the OWASP password storage cheat sheet: 19 MiB, 2 passes, 1 lane. */
const parameters = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** How much hashing may go on. */
export interface HashingLimits {
  /** Hashes at the same time; each takes a core for tens of milliseconds and 19 MiB. */
  readonly concurrency: number;
  /** Callers that may wait for their turn; more are refused at once. */
  readonly queue: number;
}

/**
 * Hashes and compares passwords. Threat: sign-ins as a denial of service, since each is expensive by design.
 * Consequence: a bounded number runs, a bounded number waits, the rest is told to come back.
 */
export class PasswordHasher {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private decoy: Promise<string> | undefined;

  constructor(private readonly limits: HashingLimits = { concurrency: 2, queue: 64 }) {}

  /** The PHC string to store. @throws {AppError} RATE_LIMITED when too many wait. */
  hash(password: string): Promise<string> {
    return this.inTurn(() => hash(password, parameters));
  }

  /**
   * True when the password belongs to the stored hash. Without a hash the same work is done and the answer is false:
   * the time of a sign-in does not tell whether the account exists.
   * @throws {AppError} RATE_LIMITED when too many wait.
   */
  async matches(stored: string | null, password: string): Promise<boolean> {
    this.decoy ??= hash('nobody has this password', parameters);
    const against = stored ?? (await this.decoy);
    const isSame = await this.inTurn(() => verify(against, password));
    return isSame && stored !== null;
  }

  private async inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.running >= this.limits.concurrency) {
      if (this.waiting.length >= this.limits.queue)
        throw new AppError('RATE_LIMITED', 'Too many people sign in at this moment: try again.');
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else {
      this.running += 1;
    }
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }
}
