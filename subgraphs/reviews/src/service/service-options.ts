import type { Database } from '../data/client.ts';
import type { ModerationRuns } from './moderation-runs.ts';

/** What every use case stands on. */
export interface ServiceOptions {
  readonly db: Database;
  readonly runs: ModerationRuns;
  readonly now: () => Date;
  /** Runs after a commit and before the writer is answered: makes cached answers that depend on these unreachable. */
  readonly onWritten: (tags: readonly string[]) => Promise<void>;
}
