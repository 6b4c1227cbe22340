import type { Principal } from '@app/auth';
import type { Database } from '../data/client.ts';
import type { CatalogueChange } from '../domain/cache-tags.ts';

/** Everything use cases work with. */
export interface ProductsApp {
  readonly db: Database;
  readonly now: () => Date;
  /** Currency of prices when a client names none; every variant has a price in it. */
  readonly defaultCurrency: string;
  /** Where pictures are served, without a slash at the end. */
  readonly mediaUrl: string;
  /**
   * Called after a commit that changed what the catalogue shows, before the writer gets its answer. With what it changed, when it brought no
   * product in or out of sight. Never fails.
   */
  readonly catalogueChanged: (change?: CatalogueChange) => Promise<void>;
}

/** Who asks. */
export interface Viewer {
  readonly principal: Principal;
  readonly requestId: string;
}
