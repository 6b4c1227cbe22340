import type { Logger } from '@app/observability';
import type { RequestState } from '../operation/request-state.ts';

/** One line per request: what was asked, by whom, how long it took, what it caused. No variables, tokens or documents. */
export function logRequest(logger: Logger, state: RequestState, status: number, durationMs: number): void {
  if (!logger.isLevelEnabled('info')) return;
  const { operationName, operationKind, principal, fetches, errorCodes, cost, requestId, isFromCache } = state;
  const line = {
    requestId,
    operation: operationName,
    kind: operationKind,
    status,
    durationMs: Math.round(durationMs * 10) / 10,
    principal: principal.kind === 'anonymous' ? 'anonymous' : principal.id,
    cost,
    fetches: fetches.map(({ subgraph, durationMs: took, outcome }) => ({
      subgraph,
      ms: Math.round(took * 10) / 10,
      ...(outcome !== 'ok' && { outcome }),
    })),
    ...(isFromCache && { cache: 'hit' }),
    ...(errorCodes.length > 0 && { errors: [...new Set(errorCodes)] }),
  };
  logger.info(line, 'request');
}
