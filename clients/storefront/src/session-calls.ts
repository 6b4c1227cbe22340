import type { ApolloClient } from '@apollo/client';
import {
  SessionCreateDocument,
  type SessionCreateMutation,
  SessionRefreshDocument,
  type SessionRefreshMutation,
  SessionRevokeDocument,
} from './generated/graphql.ts';

/** What signing in answers: tokens, the question for a second factor, or what is wrong. */
export type SessionCreated = SessionCreateMutation['sessionCreate'];
/** What a refresh answers. */
export type SessionRefreshed = SessionRefreshMutation['sessionRefresh'];

/** What a session asks of the gateway. None of it goes through the session's own refresh. */
export interface SessionCalls {
  create(email: string, password: string): Promise<SessionCreated>;
  refresh(refreshToken: string): Promise<SessionRefreshed>;
  revoke(sessionId: string, accessToken: string): Promise<void>;
}

/** The calls through a client that adds no tokens of its own. @throws what Apollo Client throws: see faultsOf and isUnreachable. */
export function sessionCalls(client: ApolloClient): SessionCalls {
  return {
    async create(email, password) {
      const { data } = await client.mutate({ mutation: SessionCreateDocument, variables: { email, password } });
      return answered(data).sessionCreate;
    },
    async refresh(refreshToken) {
      const { data } = await client.mutate({ mutation: SessionRefreshDocument, variables: { refreshToken } });
      return answered(data).sessionRefresh;
    },
    async revoke(id, accessToken) {
      const context = { headers: { authorization: `Bearer ${accessToken}` } };
      await client.mutate({ mutation: SessionRevokeDocument, variables: { id }, context });
    },
  };
}

function answered<Data>(data: Data | null | undefined): Data {
  if (data === null || data === undefined) throw new Error('the gateway answered neither data nor errors');
  return data;
}
