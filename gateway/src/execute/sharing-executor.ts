import { OperationTypeNode } from 'graphql';
import { SharedCalls } from '../fetch/shared-calls.ts';
import type { Execution, ExecutorFactory, ExecutorResult } from '../schema/executor.ts';
import { JsonText, KeptJsonText } from '../schema/json-text.ts';

/** When queries may be executed together. */
export interface SharingOptions {
  /** Other processes write, and are known of: a query joins only those that knew as much (`Execution.asOf`). */
  readonly needsMoment: boolean;
}

/**
 * Executes a query once for all who ask for it at the same time: the same operation, variables and principal. Nothing is kept once the answer is
 * there, and nobody joins a query that began before a write that was answered through this process.
 *
 * Who hangs up does not disturb the others. The first deadline that passes ends the query for all, who get what is there by then: nobody's
 * deadline is much later, since all came while it ran.
 */
export function sharingExecutors(inner: ExecutorFactory, options: SharingOptions): ExecutorFactory {
  // For all versions of the supergraph: a write that the old one answers is known to the new one.
  let writes = 0;
  return async (generation) => {
    const executor = await inner(generation);
    const calls = new SharedCalls<ExecutorResult>({ isPatient: true, endsForAll: isDeadline });

    return {
      ...executor,
      execute: (execution) => {
        if (execution.operation.operation !== OperationTypeNode.QUERY)
          return executor.execute(execution).finally(() => {
            writes += 1;
          });
        if (!isSharable(execution, options)) return executor.execute(execution);
        const start = async (signal: AbortSignal) => asBytes(await executor.execute({ ...execution, signal }));
        return calls.run(`${writes} ${keyOf(execution)}`, execution.signal, start);
      },
    };
  };
}

/** What somebody looks at, or takes in parts, is theirs alone. */
function isSharable({ inspection, onDeferred, asOf }: Execution, { needsMoment }: SharingOptions): boolean {
  return inspection === undefined && onDeferred === undefined && (!needsMoment || (asOf !== undefined && asOf !== ''));
}

function keyOf({ asOf = '', principal, planKey, variables }: Execution): string {
  return JSON.stringify([asOf, principal, planKey, variables]);
}

function isDeadline(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError';
}

/** Everybody's answer is the same bytes. */
function asBytes(result: ExecutorResult): ExecutorResult {
  return result.data instanceof JsonText ? { ...result, data: new KeptJsonText(result.data.text) } : result;
}
