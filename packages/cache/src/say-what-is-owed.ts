import type { ApolloServerPlugin, BaseContext, GraphQLRequestContextWillSendResponse } from '@apollo/server';
import type { AnnouncedWrites } from './announced-writes.ts';

/** Sent with the answer to a mutation that caches could not be told of: who keeps answers of that subgraph has to forget them. */
export const UNTOLD_HEADER = 'x-untold-writes';

/** Whether caches have yet to be told of something. */
export type Debtor = Pick<AnnouncedWrites, 'isOwing'>;

/** While caches have yet to be told of a write, what is read is not to be kept by anybody, and mutations say that caches do not know of them. */
export function sayWhatIsOwed<Context extends BaseContext>(writes: Debtor): ApolloServerPlugin<Context> {
  return { requestDidStart: async () => ({ willSendResponse: async (request) => say(request, writes) }) };
}

/** What {@link sayWhatIsOwed} does with an answer that is about to be sent. */
export function say<Context extends BaseContext>(
  { operation, response }: GraphQLRequestContextWillSendResponse<Context>,
  { isOwing }: Debtor,
): void {
  if (!isOwing) return;
  if (operation?.operation === 'mutation') response.http.headers.set(UNTOLD_HEADER, 'true');
  else response.http.headers.set('cache-control', 'no-store');
}
