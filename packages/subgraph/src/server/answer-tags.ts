import type { ApolloServerPlugin, BaseContext, GraphQLRequestContext } from '@apollo/server';
import { type DocumentNode, type FieldNode, Kind, type OperationDefinitionNode, visit } from 'graphql';

/** Tags of one answer, collected while it is made. */
export class AnswerTags {
  private readonly tags = new Set<string>();
  private isUntagged = false;

  add(tag: string): void {
    this.tags.add(tag);
  }

  /** Part of the answer depends on what no tag stands for, such as something that was not found. */
  untag(): void {
    this.isUntagged = true;
  }

  /** Undefined: nothing can be said. */
  get all(): readonly string[] | undefined {
    return this.isUntagged || this.tags.size === 0 ? undefined : [...this.tags];
  }
}

/** Options of {@link answerTags}. */
export interface AnswerTagsOptions<Context extends BaseContext> {
  /** Root fields whose resolvers collect tags; an answer with any other has none. */
  readonly rootFields: readonly string[];
  /** Fields behind which there are things that nobody tags; an answer with one of these has none. */
  readonly untaggedFields: readonly string[];
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
    requestDidStart: async () => ({
      willSendResponse: async ({ response, document, operation, request, contextValue }: GraphQLRequestContext<Context>) => {
        if (response.body?.kind !== 'single' || !document || operation?.operation !== 'query') return;
        const { singleResult } = response.body;
        const coverage = known.get(document) ?? coverageOf(document, operation, options);
        known.set(document, coverage);
        const tags = sent(coverage, request.variables ?? {}, contextValue, options);
        if (tags !== undefined && !singleResult.errors) singleResult.extensions = { ...singleResult.extensions, ...tags };
      },
    }),
  };
}

function sent<Context extends BaseContext>(
  coverage: Coverage,
  variables: Readonly<Record<string, unknown>>,
  context: Context,
  { tagsOf, entityTag }: AnswerTagsOptions<Context>,
): Record<string, unknown> | undefined {
  switch (coverage.kind) {
    case 'none':
      return undefined;
    case 'root': {
      const apolloCacheTags = tagsOf(context).all;
      return apolloCacheTags && { apolloCacheTags };
    }
    case 'entities': {
      const representations = variables[coverage.representations];
      if (!Array.isArray(representations)) return undefined;
      const tags = representations.map((representation: Record<string, unknown>) => entityTag(representation, context));
      return tags.includes(undefined) ? undefined : { apolloEntityCacheTags: tags.map((tag) => [tag]) };
    }
  }
}

function coverageOf<Context extends BaseContext>(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  { rootFields, untaggedFields }: AnswerTagsOptions<Context>,
): Coverage {
  let isCovered = true;
  visit(document, {
    Field: ({ name }) => {
      if (untaggedFields.includes(name.value)) isCovered = false;
    },
  });
  const roots = operation.selectionSet.selections.filter((node) => node.kind !== Kind.FIELD || node.name.value !== '__typename');
  if (!isCovered || !roots.every((node): node is FieldNode => node.kind === Kind.FIELD)) return { kind: 'none' };
  const [first] = roots;
  if (first?.name.value === '_entities' && roots.length === 1) {
    const representations = first.arguments?.find(({ name }) => name.value === 'representations')?.value;
    return representations?.kind === Kind.VARIABLE ? { kind: 'entities', representations: representations.name.value } : { kind: 'none' };
  }
  return roots.every(({ name }) => rootFields.includes(name.value)) ? { kind: 'root' } : { kind: 'none' };
}
