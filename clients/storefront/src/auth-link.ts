import { ApolloLink } from '@apollo/client/link';
import { from, type Observable, of, switchMap } from 'rxjs';
import { toFault } from './faults.ts';
import type { Session } from './session.ts';

/**
 * Sends the session's access token, refreshed when it is about to end. A request that is refused as a whole because of
 * its token was not executed: it is sent once more with a newer one.
 */
export function authLink(session: Pick<Session, 'accessToken' | 'refresh'>): ApolloLink {
  return new ApolloLink((operation, forward) => {
    const send = (token: string | undefined): Observable<ApolloLink.Result> => {
      operation.setContext(({ headers }) => ({ headers: withToken(headers, token) }));
      return forward(operation);
    };
    const again = (refused: string, result: ApolloLink.Result): Observable<ApolloLink.Result> =>
      from(session.refresh(refused)).pipe(switchMap((token) => (token === undefined || token === refused ? of(result) : send(token))));
    return from(session.accessToken()).pipe(
      switchMap((token) =>
        send(token).pipe(switchMap((result) => (token !== undefined && isTokenRefused(result) ? again(token, result) : of(result)))),
      ),
    );
  });
}

function withToken(headers: Record<string, string> | undefined, token: string | undefined): Record<string, string> {
  const { authorization: _, ...others } = headers ?? {};
  return token === undefined ? others : { ...others, authorization: `Bearer ${token}` };
}

function isTokenRefused({ data, errors = [] }: ApolloLink.Result): boolean {
  return (data === null || data === undefined) && errors.some((error) => toFault(error).code === 'UNAUTHENTICATED');
}
