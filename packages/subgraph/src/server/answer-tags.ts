import type { ApolloServerPlugin, BaseContext, GraphQLRequestContext } from '@apollo/server';
import { type DocumentNode, type FieldNode, Kind, type OperationDefinitionNode } from 'graphql';

/** Tags of one answer, collected while it is made. */
export class AnswerTags {
  private readonly tags = new Set<string>();
  private isUntagged = false;

  add(...tags: readonly string[]): void {
    for (const tag of tags) this.tags.add(tag);
  }

  /** Part of the answer depends on what no tag stands for, such as something that was not found. */
  untag(): void {
    this.isUntagged = true;
  }

  /** Undefined: nothing can be said. */
  get all(): readonly string[] | undefined {
    return this.isUntagged ? undefined : [...this.tags];
  }
}

/** Options of {@link answerTags}. */
export interface AnswerTagsOptions<Context extends BaseContext> {
  /** Root fields whose resolvers collect tags; an answer with any other has none. */
  readonly rootFields: readonly string[];
  /** What resolvers have collected; of an answer about entities, what it depends on besides the entities' own tags. */
  readonly tagsOf: (context: Context) => AnswerTags;
  /** The tag of an entity, or undefined: nothing can be said. */
  readonly entityTag: (representation: Readonly<Record<string, unknown>>, context: Context) => string | undefined;
}

/** What the text of an operation says about its tags. */
type Coverage =
  | { readonly kind: 'none' }
  | { readonly kind: 'root' }
  | { readonly kind: 'entities' /** Name of the variable. */; readonly representations: string };

/**
 * Sends with each answer the tags that it depends on, for caches in gateways: `apolloCacheTags` for root fields, `apolloEntityCacheTags` for
 * entities (Apollo Router's names). An answer that is sent with tags must change only with writes that name one of them
 * (`bumpGeneration` of `@app/cache`); in doubt it is sent without.
 */
export function answerTags<Context extends BaseContext>(options: AnswerTagsOptions<Context>): ApolloServerPlugin<Context> {
  const known = new WeakMap<DocumentNode, Coverage>();
  return {
    requestDidStart: async () => {
      let isExecuted = false;
      return {
        // What comes out of a cache has the tags that it was kept with: resolvers have not collected any.
        executionDidStart: async () => {
          isExecuted = true;
        },
        willSendResponse: async ({ response, document, operation, request, contextValue }: GraphQLRequestContext<Context>) => {
          if (!isExecuted || response.body?.kind !== 'single' || !document || operation?.operation !== 'query') return;
          const { singleResult } = response.body;
          const coverage = known.get(document) ?? coverageOf(operation, options);
          known.set(document, coverage);
          const tags = sent(coverage, request.variables ?? {}, contextValue, options);
          if (tags !== undefined && !singleResult.errors) singleResult.extensions = { ...singleResult.extensions, ...tags };
        },
      };
    },
  };
}

function sent<Context extends BaseContext>(
  coverage: Coverage,
  variables: Readonly<Record<string, unknown>>,
  context: Context,
  { tagsOf, entityTag }: AnswerTagsOptions<Context>,
): Record<string, unknown> | undefined {
  const collected = tagsOf(context).all;
  if (collected === undefined || coverage.kind === 'none') return undefined;
  if (coverage.kind === 'root') return collected.length === 0 ? undefined : { apolloCacheTags: collected };
  const representations = variables[coverage.representations];
  if (!Array.isArray(representations)) return undefined;
  const own = representations.map((representation: Record<string, unknown>) => entityTag(representation, context));
  return own.includes(undefined) ? undefined : { apolloEntityCacheTags: own.map((tag) => [...new Set([tag, ...collected])]) };
}

function coverageOf<Context extends BaseContext>(operation: OperationDefinitionNode, { rootFields }: AnswerTagsOptions<Context>): Coverage {
  const roots = operation.selectionSet.selections.filter((node) => node.kind !== Kind.FIELD || node.name.value !== '__typename');
  if (!roots.every((node): node is FieldNode => node.kind === Kind.FIELD)) return { kind: 'none' };
  const [first] = roots;
  if (first?.name.value === '_entities' && roots.length === 1) {
    const representations = first.arguments?.find(({ name }) => name.value === 'representations')?.value;
    return representations?.kind === Kind.VARIABLE ? { kind: 'entities', representations: representations.name.value } : { kind: 'none' };
  }
  return roots.every(({ name }) => rootFields.includes(name.value)) ? { kind: 'root' } : { kind: 'none' };
}
