import type { Principal } from '@app/auth';
import type { DocumentNode } from 'graphql';
import type { Rest } from '../authorize/protected-operation.ts';
import type { Inspection } from '../inspect/inspection.ts';
import type { DeferredAnswer } from '../schema/deferred-answer.ts';
import type { FetchRecord } from '../schema/executor.ts';
import type { Generation } from '../schema/generation.ts';
import type { CheckedOperation } from './checked-operation.ts';

/** What authorization decided. */
export type Decision =
  | { readonly kind: 'allowed' }
  /** Part of the operation was taken away. */
  | { readonly kind: 'filtered'; readonly rest: Rest };

/** One request on its way: made by the HTTP stage, filled in by one stage after the other. */
export interface RequestState {
  readonly requestId: string;
  readonly principal: Principal;
  /** Where it came from; limits of anonymous callers go by the address. */
  readonly client: {
    readonly address: string;
    readonly userAgent: string | undefined;
    /** What the client calls itself (`apollographql-client-name`, `-version`): for counting only. */
    readonly name?: string | undefined;
    readonly version?: string | undefined;
  };
  /**
   * Its signal is aborted at the request's deadline, or when the client is gone. Not a getter of this object: V8 would make a hidden class for
   * each request, and with it keep the whole request until the next major collection (measured: 10 % of all CPU time).
   */
  readonly end: { readonly signal: AbortSignal };
  /** Calls to subgraphs, for the log line. */
  readonly fetches: FetchRecord[];
  /** Headers for the answer, in lower case. */
  readonly responseHeaders: Record<string, string>;
  /** What was taken out of the caller's budget, and what is left of it. */
  budget?: { readonly requested: number; readonly limit: number; readonly remaining: number };
  /** The answer was made for an earlier request. */
  isFromCache?: boolean;
  operationName?: string;
  operationKind?: string;
  /** The operation, once it is known to be one; of a batch, the last. */
  checked?: CheckedOperation;
  cost?: number;
  errorCodes: readonly string[];
  /** Whether the client takes an answer in parts (`@defer`). */
  readonly takesParts: boolean;
  /** What follows the first piece of the answer. */
  deferred?: DeferredAnswer;
  /** Takes note of plan and calls; absent when nobody asked, or who asked may not know. */
  readonly inspection?: Inspection | undefined;
}

/** A parsed request at the stages between the HTTP layer and the executor. */
export interface OperationState {
  readonly request: RequestState;
  readonly generation: Generation;
  readonly source: string;
  readonly sourceHash: string;
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  /** As the client sent them. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Set by the stage that checks variables: with defaults filled in and values coerced. */
  coercedVariables?: Readonly<Record<string, unknown>>;
  /** Set by the stage that checks the operation. */
  checked?: CheckedOperation;
  /** Set by the stage that authorizes. */
  decision?: Decision;
}

/** One step of the pipeline. Refuses by throwing; what it finds out it writes into the state. */
export type Stage = (state: OperationState) => void | Promise<void>;

/** The operation as the check left it. A stage in front of the check has no business asking. */
export function checkedOf(state: OperationState): CheckedOperation {
  if (state.checked === undefined) throw new Error('the operation was not checked yet: the stages are in the wrong order');
  return state.checked;
}
