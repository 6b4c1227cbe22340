import { isErrorCode } from '@app/errors';
import { entitiesIn, type FetchContext, type Fetcher, type FetchProbe, type SubgraphResponse } from '../fetch/fetcher.ts';
import { type Inspection, originOf } from './inspection.ts';

/** A fetcher for one request that is inspected: it notes each call, what of it was cached and how long it took. */
export function inspectingFetcher<Context extends FetchContext>(inner: Fetcher<Context>, inspection: Inspection): Fetcher<Context> {
  return {
    fetch: async (request) => {
      const probe: FetchProbe = { isReached: false, isSent: false, askedEntities: 0, size: 0, trace: undefined };
      const startedAtMs = inspection.elapsedMs();
      let outcome = 'ok';
      try {
        const response = await inner.fetch({ ...request, context: { ...request.context, probe } });
        if (hasErrors(response)) outcome = 'errors';
        return response;
      } catch (error) {
        outcome = codeOf(error);
        throw error;
      } finally {
        const { subgraph, query, operationName, paths = [] } = request.operation;
        inspection.fetches.push({
          subgraph,
          query,
          operationName,
          paths,
          startedAtMs,
          endedAtMs: inspection.elapsedMs(),
          from: originOf(probe),
          entities: entitiesIn(request),
          askedEntities: probe.askedEntities,
          size: probe.size,
          outcome,
          trace: probe.trace,
        });
      }
    },
  };
}

function hasErrors({ errors }: SubgraphResponse): boolean {
  return Array.isArray(errors) && errors.length > 0;
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return isErrorCode(code) ? code : 'INTERNAL';
}
