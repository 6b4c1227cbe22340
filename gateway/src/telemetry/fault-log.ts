import { currentRequest, type Logger, type RequestContext } from '@app/observability';

/** Of one request. */
const MOST_FAULTS = 10;

/**
 * Logs faults, of each request the first ten: while a subgraph is away every entity of an answer has its error, of which there may be thousands,
 * and they say the same.
 */
export function faultLog(logger: Pick<Logger, 'error'>): (fault: unknown) => void {
  const counts = new WeakMap<RequestContext, number>();
  return (fault) => {
    const request = currentRequest();
    const count = 1 + ((request && counts.get(request)) ?? 0);
    if (request) counts.set(request, count);
    if (count > MOST_FAULTS) return;
    logger.error({ err: fault }, count < MOST_FAULTS ? 'fault' : 'fault, and further ones of this request are not logged');
  };
}
