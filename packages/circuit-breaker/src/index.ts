export { BrokenCircuitError, BulkheadRejectedError, IsolatedCircuitError, TaskCancelledError } from 'cockatiel';
export type { Attempt, Circuit, Operation } from './circuit.ts';
export { CircuitBreakers, type CircuitBreakersOptions } from './circuit-breakers.ts';
export type { CircuitEvent, CircuitMetrics, CircuitStateName } from './circuit-metrics.ts';
export { type Fetch, guardedFetch } from './guarded-fetch.ts';
export type { Bulkhead, CallConfig, CircuitConfig, Hedge, OperationConfig, RetryStrategy } from './operation-config.ts';
