import type { Written } from '@app/cache';
import type { Metrics } from '@app/observability';
import type { ToWorker } from './messages.ts';

/** How a gateway that is one of several talks to the primary. */
export interface WorkerLink {
  /** Lets the primary sum metrics. */
  share(metrics: Metrics): void;
  /** Tells that this gateway serves, and which subgraphs. */
  serves(subgraphs: Iterable<string>): void;
  /** Told of writes that nobody counted in Redis. */
  onWritten(listener: (subgraph: string, written: Written) => void): void;
}

/** The link of this process. Ends the process when the primary is gone: nobody would end it otherwise. */
export function linkToPrimary(onOrphaned: () => void): WorkerLink {
  process.on('disconnect', onOrphaned);
  return {
    share: (metrics) => metrics.shareWithPrimary(),
    serves: (subgraphs) => void process.send?.({ kind: 'serving', subgraphs: [...subgraphs] }),
    onWritten: (listener) => {
      process.on('message', (message: ToWorker) => {
        if (message.kind === 'written') listener(message.subgraph, message.written);
      });
    },
  };
}
