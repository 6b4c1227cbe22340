import { ApolloLink } from '@apollo/client/link';
import type { DocumentNode } from 'graphql';
import { of } from 'rxjs';
import { switchMap } from 'rxjs/operators';
import { toFault } from './faults.ts';

/** The id that code generation puts into a document: `sha256:` and the hash of its registered text in hexadecimal. */
const ID = /^sha256:([0-9a-f]{64})$/;

/**
 * Sends the hash of a registered document instead of its text, as `extensions.persistedQuery` (Apollo's automatic
 * persisted queries, version 1), which the gateway finds in its manifest. A gateway that does not know the hash yet has
 * executed nothing; it is sent the text, which it may refuse (`PERSISTED_QUERY_REQUIRED`).
 *
 * Documents that code generation did not make go as text.
 */
export function trustedDocumentsLink(): ApolloLink {
  return new ApolloLink((operation, forward) => {
    const hash = registeredHash(operation.query);
    if (hash === undefined) return forward(operation);
    operation.extensions['persistedQuery'] = { version: 1, sha256Hash: hash };
    operation.setContext({ http: { includeExtensions: true, includeQuery: false } });
    return forward(operation).pipe(switchMap((result) => (isUnknown(result) ? sendText(operation, forward) : of(result))));
  });
}

/** The hash a document is registered under; undefined for one that was not generated. */
export function registeredHash(document: DocumentNode & { readonly __meta__?: { readonly documentId?: string } }): string | undefined {
  return ID.exec(document.__meta__?.documentId ?? '')?.[1];
}

function isUnknown({ errors = [] }: ApolloLink.Result): boolean {
  return errors.some((error) => ['PERSISTED_QUERY_NOT_FOUND', 'PERSISTED_QUERY_NOT_SUPPORTED'].includes(toFault(error).code));
}

/** Without the hash: it is that of the registered text, which is printed in another way than this one. */
function sendText(operation: ApolloLink.Operation, forward: ApolloLink.ForwardFunction): ReturnType<ApolloLink.ForwardFunction> {
  delete operation.extensions['persistedQuery'];
  operation.setContext({ http: { includeExtensions: true, includeQuery: true } });
  return forward(operation);
}
