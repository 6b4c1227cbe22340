import { createStorefront, type Storefront } from '@clients/storefront';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { getOperationAST, OperationTypeNode } from 'graphql';
import { DEMO_PASSWORD } from '../../prisma/seed/people/demo-logins.ts';

/** A visitor of the shop with the client that the shop's own pages use. */
export function visitor(url: string): Storefront {
  return createStorefront({ url, name: 'e2e', version: '0.1.0' });
}

/** A demo login, signed in. */
export async function signedIn(url: string, email: string, password: string = DEMO_PASSWORD): Promise<Storefront> {
  const storefront = visitor(url);
  const outcome = await storefront.session.signIn(email, password);
  if (outcome.kind !== 'signedIn') throw new Error(`${email} could not sign in: ${JSON.stringify(outcome)}`);
  return storefront;
}

/** The data of a document of clients/operations, past the client's cache. @throws what the client throws when there are errors. */
export async function ask<Data, Variables extends Record<string, unknown>>(
  { client }: Storefront,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const isMutation = getOperationAST(document)?.operation === OperationTypeNode.MUTATION;
  const options = { variables, fetchPolicy: 'no-cache' } as const;
  const call = isMutation
    ? client.mutate<Data, Record<string, unknown>>({ mutation: document as TypedDocumentNode<Data, Record<string, unknown>>, ...options })
    : client.query<Data, Record<string, unknown>>({ query: document as TypedDocumentNode<Data, Record<string, unknown>>, ...options });
  const { data } = await call;
  if (data === undefined || data === null) throw new Error('expected data, got none');
  return data as Data;
}

/** What may be null for others but has to be there in a test. @throws Error when it is not. */
export function present<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Error(`expected something to be there, got ${value}`);
  return value;
}
