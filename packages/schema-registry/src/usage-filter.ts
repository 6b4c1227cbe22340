import type { RegisteredOperation } from './operations.ts';

/** Which recorded operations count as in use. */
export interface UsageFilter {
  /** An operation that was seen, but not within this many days, no longer counts. Absent: it counts for good. */
  readonly days?: number;
  /** An operation that was sent less often than this within those days does not count. */
  readonly minRequests?: number;
  /** Clients that do not count: `name` for all of its versions, or `name@version`. */
  readonly excludedClients?: readonly string[];
}

const MILLISECONDS_OF_DAY = 86_400_000;

/** The first moment of the window, or undefined when there is none. */
export function windowStart({ days }: UsageFilter, today: Date): Date | undefined {
  return days === undefined ? undefined : new Date(today.getTime() - days * MILLISECONDS_OF_DAY);
}

/** True when a client (`name@version`) is left out of account. */
export function isExcluded(client: string, { excludedClients = [] }: UsageFilter): boolean {
  const name = client.slice(0, client.lastIndexOf('@'));
  return excludedClients.some((excluded) => excluded === client || excluded === name);
}

/**
 * Operations that count as in use, each with the clients that count. One that was registered and never reported always counts: nothing is
 * known about who sends it.
 */
export function operationsInUse(operations: readonly RegisteredOperation[], filter: UsageFilter, today: Date): RegisteredOperation[] {
  const from = windowStart(filter, today);
  return operations.flatMap((operation) => {
    const clients = operation.clients.filter((client) => !isExcluded(client, filter));
    if (clients.length === 0 && operation.clients.length > 0) return [];
    if (operation.lastSeen === null) return [{ ...operation, clients }];
    if (from && new Date(operation.lastSeen) < from) return [];
    if (operation.requests !== undefined && operation.requests < (filter.minRequests ?? 0)) return [];
    return [{ ...operation, clients }];
  });
}
