import type { Written } from '@app/cache';

/** What a worker tells the primary. */
export type FromWorker = {
  readonly kind: 'serving' /** Names of the subgraphs that it serves now. */;
  readonly subgraphs: readonly string[];
};

/** What the primary tells every worker: somebody said that a subgraph was written to. */
export type ToWorker = { readonly kind: 'written'; readonly subgraph: string; readonly written: Written };
