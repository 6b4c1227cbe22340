import { contextOfHeaders, headersOfContext, runWithRequest } from '@app/observability';
import type { Interceptor } from '@connectrpc/connect';

/** Sends request id and trace of the request being served along with a call. */
export const sendContext: Interceptor = (next) => (request) => {
  for (const [name, value] of Object.entries(headersOfContext())) request.header.set(name, value);
  return next(request);
};

/** Serves a call in the context that came with it. */
export const takeContext: Interceptor = (next) => (request) =>
  runWithRequest(contextOfHeaders(Object.fromEntries(request.header)), () => next(request));
