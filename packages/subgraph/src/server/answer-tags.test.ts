import { ApolloServer, type ApolloServerPlugin, type GraphQLResponse, HeaderMap } from '@apollo/server';
import { expect, test } from 'vitest';
import { AnswerTags, answerTags } from './answer-tags.ts';

interface Context {
  readonly tags: AnswerTags;
}

const plugin = answerTags<Context>({ rootFields: [], tagsOf: ({ tags }) => tags, entityTag: ({ id }) => `thing:${id}` });

/** What is sent with an answer about one entity, of a server that may have it already. */
async function sentWith(kept?: Record<string, unknown>): Promise<unknown> {
  const cache: ApolloServerPlugin<Context> = {
    requestDidStart: async () => ({
      responseForOperation: async (): Promise<GraphQLResponse | null> =>
        kept === undefined ? null : { body: { kind: 'single', singleResult: kept }, http: { headers: new HeaderMap() } },
    }),
  };
  const server = new ApolloServer<Context>({
    typeDefs: 'scalar _Any type Query { _entities(representations: [_Any!]!): [Int] }',
    resolvers: { Query: { _entities: (_: unknown, _arguments: unknown, { tags }: Context) => [tags.add('one', 'thing:1')] } },
    plugins: [plugin, cache],
  });
  const { body } = await server.executeOperation(
    { query: 'query ($keys: [_Any!]!) { _entities(representations: $keys) }', variables: { keys: [{ id: 1 }] } },
    { contextValue: { tags: new AnswerTags() } },
  );
  return body.kind === 'single' ? body.singleResult.extensions : undefined;
}

test('an answer is sent with the tags of its entities, and with those that resolvers collected', async () => {
  expect(await sentWith()).toEqual({ apolloEntityCacheTags: [['thing:1', 'one']] });
});

test('an answer out of a cache is sent with the tags that it was kept with, or with none', async () => {
  const extensions = { apolloEntityCacheTags: [['thing:1', 'kept']] };
  expect(await sentWith({ data: { _entities: [1] }, extensions })).toEqual(extensions);
  expect(await sentWith({ data: { _entities: [1] } })).toBeUndefined();
});
