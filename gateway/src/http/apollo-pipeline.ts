import type { ApolloServerPlugin, GraphQLRequestContext } from '@apollo/server';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { InvalidDocument } from '../operation/check-operation.ts';
import type { OperationState, RequestState } from '../operation/request-state.ts';
import type { LiveSchema } from '../schema/live-schema.ts';
import { finishResult, noteOperation } from './finish-result.ts';
import type { GatewayContext } from './graphql-route.ts';
import { formatted, toGraphQLError, toGraphQLErrors } from './public-error.ts';

/** What joins the pipeline to Apollo Server. */
export interface ApolloPipelineOptions {
  readonly liveSchema: () => LiveSchema;
  readonly run: (state: OperationState) => Promise<void>;
  /** Told of each operation that Apollo Server could not read, and how long it was. */
  readonly onUnread: (request: RequestState, characters: number) => void;
  /** Whether answers tell in `extensions` what they cost and what is left. */
  readonly showsExtensions: boolean;
  readonly publicError: (formatted: GraphQLFormattedError, thrown: unknown) => GraphQLFormattedError;
}

/** Runs the pipeline at the moment when Apollo Server has parsed the operation and done nothing else with it. */
export function apolloPipeline(options: ApolloPipelineOptions): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async (context) => {
        try {
          const state = stateOf(context, options.liveSchema());
          context.contextValue.operation = state;
          await options.run(state);
        } catch (error) {
          throw toGraphQLError(error);
        } finally {
          noteOperation(context.contextValue.request);
        }
      },
      willSendResponse: async (context) => {
        if (context.document === undefined) options.onUnread(context.contextValue.request, context.source?.length ?? 0);
        if (context.response.body.kind !== 'single') return;
        const result = context.response.body.singleResult;
        const invalid = invalidDocumentOf(context.errors?.[0]);
        if (invalid) result.errors = toGraphQLErrors(invalid).map((error) => options.publicError(formatted(error), error));
        finishResult(result, context.contextValue.request, options.showsExtensions);
      },
    }),
  };
}

function stateOf(
  context: GraphQLRequestContext<GatewayContext> & { source: string; queryHash: string },
  liveSchema: LiveSchema,
): OperationState {
  if (!context.document) throw new Error('Apollo Server resolved an operation without a document');
  return {
    request: context.contextValue.request,
    generation: liveSchema.generationOf(context.schema),
    source: context.source,
    sourceHash: context.queryHash,
    document: context.document,
    operationName: context.request.operationName,
    variables: context.request.variables ?? {},
  };
}

function invalidDocumentOf(error: GraphQLError | undefined): InvalidDocument | undefined {
  return error?.originalError instanceof InvalidDocument ? error.originalError : undefined;
}
