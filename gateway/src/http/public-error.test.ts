import { AppError } from '@app/errors';
import { runWithRequest } from '@app/observability';
import { GraphQLError } from 'graphql';
import { expect, test } from 'vitest';
import { createPublicError, toGraphQLError } from './public-error.ts';

const faults: unknown[] = [];
const show = createPublicError({ isProduction: true, onFault: (error) => faults.push(error) });

function publicOf(thrown: unknown, code: unknown = 'INTERNAL_SERVER_ERROR', principalId?: string) {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const formatted = { message: error.message, path: ['a'], extensions: { code, stacktrace: ['x'], sql: 'select' } };
  return runWithRequest({ requestId: 'request-1', ...(principalId !== undefined && { principalId }) }, () => show(formatted, thrown));
}

test.each<[string, unknown, unknown, string, string]>([
  ['an unknown error', new Error('password=x at db:5432'), 'INTERNAL_SERVER_ERROR', 'INTERNAL', 'Something went wrong on our side.'],
  ['a code that we do not know', new GraphQLError('secret'), 'TEAPOT', 'INTERNAL', 'Something went wrong on our side.'],
  ['a code that is an object property', new GraphQLError('secret'), 'constructor', 'INTERNAL', 'Something went wrong on our side.'],
  [
    'a fault of the stock executor',
    new GraphQLError('http://10.0.0.1 refused'),
    'DOWNSTREAM_SERVICE_ERROR',
    'DOWNSTREAM_UNAVAILABLE',
    'Part of the answer is not available right now.',
  ],
  [
    'a fault that a subgraph described',
    new GraphQLError('host x'),
    'DOWNSTREAM_UNAVAILABLE',
    'DOWNSTREAM_UNAVAILABLE',
    'Part of the answer is not available right now.',
  ],
  [
    'what a subgraph says about input',
    new GraphQLError('quantity must be positive'),
    'BAD_USER_INPUT',
    'BAD_USER_INPUT',
    'quantity must be positive',
  ],
  ['a fault of ours', new AppError('NOT_FOUND', 'No such thing.'), undefined, 'NOT_FOUND', 'No such thing.'],
  [
    'a fault of ours behind a GraphQL error',
    toGraphQLError(new AppError('COST_EXCEEDED')),
    undefined,
    'COST_EXCEEDED',
    'The operation costs more than is allowed.',
  ],
])('%s is told with its code and nothing private', (_name, thrown, code, publicCode, message) => {
  const error = publicOf(thrown, code);
  expect(error).toMatchObject({ message, path: ['a'], extensions: { code: publicCode, requestId: 'request-1' } });
  expect(JSON.stringify(error)).not.toMatch(/stacktrace|select|password|10\.0|secret/);
});

test('faults are reported, mistakes of clients are not', () => {
  faults.length = 0;
  publicOf(new Error('ours'));
  publicOf(new AppError('BAD_USER_INPUT'));
  expect(faults).toHaveLength(1);
});

test('what is wrong with a document is told to people who signed in only', () => {
  const wrong = new GraphQLError('Cannot query field "x". Did you mean "y"?');
  expect(publicOf(wrong, 'GRAPHQL_VALIDATION_FAILED').message).toBe('The document does not fit the schema.');
  expect(publicOf(wrong, 'GRAPHQL_VALIDATION_FAILED', 'usr_1').message).toContain('Did you mean');
});
