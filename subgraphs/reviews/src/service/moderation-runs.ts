import type { Tx } from '../data/client.ts';

/** The durable runs that take a text to a moderator's decision. Both are part of the transaction; workers do the rest. */
export interface ModerationRuns {
  /** Starts a run about the text that a review has from now on, and answers its id. */
  start(tx: Tx, reviewId: string, since: Date): Promise<string>;
  /** Lets a run look again at what it waits for: there is a decision, another text, or nothing to decide on any more. */
  lookAgain(tx: Tx, runId: string): Promise<void>;
}
