import type { CircuitConfig } from '@app/circuit-breaker';

/**
 * The circuit of a subgraph. Deadline and connections are kept by whoever calls, so the circuit only watches: it opens
 * when most calls of the last ten seconds, and at least ten, brought no readable answer, and lets one probe through a second.
 */
export function subgraphCircuit(subgraph: string): CircuitConfig {
  return {
    id: `subgraph ${subgraph}`,
    failureThreshold: 10,
    failureShare: 0.5,
    monitoringWindowMs: 10_000,
    recoveryTimeoutMs: 1_000,
    timeoutMs: 'own',
    bulkhead: 'own',
  };
}
