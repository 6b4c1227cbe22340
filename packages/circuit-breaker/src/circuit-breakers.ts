import { Circuit, type Operation } from './circuit.ts';
import type { CircuitEvent, CircuitMetrics, CircuitStateName } from './circuit-metrics.ts';
import { type CircuitConfig, circuitSettings, type OperationConfig } from './operation-config.ts';

/** Options of {@link CircuitBreakers}. */
export interface CircuitBreakersOptions {
  /** Milliseconds since any moment, by a clock that is never set: for the monitoring window and the time of recovery. */
  readonly now?: () => number;
  /** A number from 0 to 1, for jitter. */
  readonly random?: () => number;
}

/** All circuits of a process. Every outgoing call goes through `execute`; calls with the same id share a circuit. */
export class CircuitBreakers {
  readonly #circuits = new Map<string, Circuit>();
  readonly #listeners = new Set<(event: CircuitEvent) => void>();
  readonly #surroundings;

  constructor({ now = () => performance.now(), random = Math.random }: CircuitBreakersOptions = {}) {
    const emit = (event: CircuitEvent) => {
      for (const listener of this.#listeners) listener(event);
    };
    this.#surroundings = { now, random, emit };
  }

  /**
   * Runs an operation behind bulkhead, retry, circuit and timeout, in this order from the outside in.
   * @throws BrokenCircuitError while the circuit is open, BulkheadRejectedError when too many wait, TaskCancelledError
   *   after the timeout (all of cockatiel), the signal's reason when the caller aborted, else what the operation threw;
   *   RangeError when the id is known with other settings.
   */
  execute<T>(operation: Operation<T>, config: OperationConfig<T>): Promise<T> {
    return this.circuit(config).execute(operation, config);
  }

  /**
   * The circuit of a configuration, for who calls so often that comparing settings each time would cost too much.
   * @throws RangeError when the id is known with other settings.
   */
  circuit(config: CircuitConfig): Circuit {
    const settings = circuitSettings(config);
    const known = this.#circuits.get(config.id);
    if (known === undefined) {
      const circuit = new Circuit(settings, this.#surroundings);
      this.#circuits.set(config.id, circuit);
      return circuit;
    }
    if (JSON.stringify(known.settings) !== JSON.stringify(settings)) {
      throw new RangeError(`circuit "${config.id}" is in use with other settings: ${JSON.stringify(known.settings)}`);
    }
    return known;
  }

  /** The state of a circuit; `closed` for one that has not been used. */
  getState(id: string): CircuitStateName {
    return this.#circuits.get(id)?.state ?? 'closed';
  }

  /** Counters of a circuit, or undefined when it has not been used. */
  getMetrics(id: string): CircuitMetrics | undefined {
    return this.#circuits.get(id)?.metrics;
  }

  /** Counters of every circuit used so far. */
  allMetrics(): readonly CircuitMetrics[] {
    return [...this.#circuits.values()].map(({ metrics }) => metrics);
  }

  /** Keeps a circuit open, whatever happens, until the answer is disposed. Its settings come from `config`. */
  isolate(config: CircuitConfig): Disposable {
    return this.circuit(config).isolate();
  }

  /** Calls the listener for every event of every circuit until the answer is disposed. */
  onEvent(listener: (event: CircuitEvent) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }
}
