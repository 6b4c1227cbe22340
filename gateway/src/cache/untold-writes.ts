import type { FetchContext, Fetcher, SubgraphAnswer, SubgraphRequest, SubgraphResponse } from '../fetch/fetcher.ts';
import type { Writes } from './writes.ts';

/** A subgraph that could not tell caches of a mutation says so with its answer: what was kept of it is forgotten then, before the writer goes on. */
export function forgettingUntold<Context extends FetchContext>(inner: Fetcher<Context>, writes: Pick<Writes, 'forget'>): Fetcher<Context> {
  async function mutate(request: SubgraphRequest<Context>): Promise<SubgraphResponse> {
    let isUntold = false;
    const onAnswer = (answer: SubgraphAnswer) => {
      isUntold ||= answer.isUntold === true;
      request.context.onAnswer?.(answer);
    };
    const response = await inner.fetch({ ...request, context: { ...request.context, onAnswer } });
    if (isUntold) await writes.forget(request.operation.subgraph);
    return response;
  }

  return { fetch: (request) => (request.operation.kind === 'mutation' ? mutate(request) : inner.fetch(request)) };
}
