import { OperationTypeNode } from 'graphql';
import type { Execution, ExecutorFactory, ExecutorResult } from '../schema/executor.ts';
import { JsonText, KeptJsonText } from '../schema/json-text.ts';

/** When queries may be executed together. */
export interface SharingOptions {
  /** Other processes write, and are known of: a query joins only those that knew as much (`Execution.asOf`). */
  readonly needsMoment: boolean;
}

/** A query that is being executed. */
interface Run {
  readonly result: Promise<ExecutorResult>;
  readonly ending: AbortController;
  waiting: number;
}

/**
 * Executes a query once for all who ask for it at the same time: the same operation, variables and principal. Nothing is kept once the answer is
 * there, and nobody joins a query that began before a write that was answered through this process.
 *
 * Who hangs up does not disturb the others. The first deadline that passes ends the query for all, who get what is there by then: nobody's
 * deadline is much later, since all came while it ran.
 */
export function sharingExecutors(inner: ExecutorFactory, options: SharingOptions): ExecutorFactory {
  return async (generation) => {
    const executor = await inner(generation);
    const runs = new Map<string, Run>();
    let writes = 0;

    function begin(key: string, execution: Execution): Run {
      const ending = new AbortController();
      const run: Run = { result: executor.execute({ ...execution, signal: ending.signal }).then(asBytes), ending, waiting: 0 };
      runs.set(key, run);
      const forget = () => forgetRun(key, run);
      run.result.then(forget, forget);
      return run;
    }

    function forgetRun(key: string, run: Run): void {
      if (runs.get(key) === run) runs.delete(key);
    }

    function join(key: string, execution: Execution): Promise<ExecutorResult> {
      const { signal } = execution;
      const run = runs.get(key) ?? begin(key, execution);
      run.waiting += 1;
      const leave = () => {
        run.waiting -= 1;
        if (run.waiting > 0 && !isDeadline(signal.reason)) return;
        forgetRun(key, run);
        run.ending.abort(signal.reason);
      };
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true });
      return run.result.finally(() => signal.removeEventListener('abort', leave));
    }

    return {
      ...executor,
      execute: (execution) => {
        if (execution.operation.operation !== OperationTypeNode.QUERY)
          return executor.execute(execution).finally(() => {
            writes += 1;
          });
        return isSharable(execution, options) ? join(`${writes} ${keyOf(execution)}`, execution) : executor.execute(execution);
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
