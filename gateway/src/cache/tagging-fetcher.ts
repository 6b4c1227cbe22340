import type { FetchContext, Fetcher, SubgraphAnswer, SubgraphRequest, SubgraphResponse } from '../fetch/fetcher.ts';
import { memberOf } from './answer-parts.ts';
import type { CacheTags } from './cache-tags.ts';
import { sentForEach, sentTags, type TagSet, unionOfTags, withSent } from './tag-set.ts';

/** Keeps nothing, but tells what each answer depends on: for a cache of whole answers without one of entities behind it. */
export function taggingFetcher<Context extends FetchContext>(inner: Fetcher<Context>, tags: CacheTags): Fetcher<Context> {
  return {
    fetch: async (request) => {
      const { onAnswer } = request.context;
      if (onAnswer === undefined || request.operation.kind !== 'query') return inner.fetch(request);
      const answers: SubgraphAnswer[] = [];
      const context = { ...request.context, onAnswer: (answer: SubgraphAnswer) => void answers.push(answer) };
      const response = await inner.fetch({ ...request, context });
      for (const answer of answers) onAnswer({ ...answer, tags: tagsOf(request, response, tags) });
      return response;
    },
  };
}

function tagsOf({ operation, variables, entities }: SubgraphRequest, { extensions }: SubgraphResponse, tags: CacheTags): TagSet {
  if (entities.length === 0) return withSent(tags.ofRoot(operation, variables), sentTags(memberOf(extensions, 'apolloCacheTags')));
  const representations = entities.flatMap((batch) => batch.representations);
  const sent = sentForEach(memberOf(extensions, 'apolloEntityCacheTags'), entities.length === 1 ? representations.length : -1);
  return unionOfTags(
    representations.map((representation, index) => withSent(tags.ofEntity(operation.subgraph, representation), sent[index])),
  );
}
