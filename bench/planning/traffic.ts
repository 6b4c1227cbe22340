import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, Operation } from '../load.ts';
import { newOperation } from './operations.ts';

/** Latencies in milliseconds. */
export interface Latencies {
  readonly known: readonly number[];
  readonly fresh: readonly number[];
}

/** One known operation over and over, and operations of which each is sent once. */
export class Traffic {
  private asked = 0;

  constructor(
    private readonly client: Client,
    private readonly known: Operation,
    private readonly knownPerSecond: number,
  ) {}

  alone(seconds: number): Promise<number[]> {
    return this.paced(this.knownPerSecond, seconds, () => this.known);
  }

  async beside(newPerSecond: number, seconds: number): Promise<Latencies> {
    const [known, fresh] = await Promise.all([this.alone(seconds), this.paced(newPerSecond, seconds, () => newOperation(this.asked++))]);
    return { known, fresh };
  }

  /** New ones, as fast as they go. */
  async rush(count: number): Promise<void> {
    const end = this.asked + count;
    const connection = async () => {
      while (this.asked < end) await this.client.post(newOperation(this.asked++));
    };
    await Promise.all(Array.from({ length: 8 }, connection));
  }

  /** At a rate, each at a random moment of its turn, whatever becomes of the answers before. */
  private async paced(perSecond: number, seconds: number, next: () => Operation): Promise<number[]> {
    const latenciesMs: number[] = [];
    const sent: Promise<void>[] = [];
    const startedAt = performance.now();
    for (let n = 0; n < perSecond * seconds; n++) {
      const dueAt = startedAt + ((n + Math.random()) * 1_000) / perSecond;
      await sleep(Math.max(0, dueAt - performance.now()));
      const sentAt = Math.min(dueAt, performance.now());
      sent.push(this.client.post(next()).then(() => void latenciesMs.push(performance.now() - sentAt)));
    }
    await Promise.all(sent);
    return latenciesMs;
  }
}
