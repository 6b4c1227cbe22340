import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, Operation } from '../load.ts';
import { newOperation } from './operations.ts';

/** Latencies in milliseconds. */
export interface Latencies {
  readonly known: number[];
  readonly others: number[];
}

/** One known operation over and over, and operations of which each is sent once. */
export class Traffic {
  private asked = 0;
  private askedAgain = 0;

  constructor(
    private readonly client: Client,
    private readonly known: Operation,
    private readonly knownPerSecond: number,
  ) {}

  alone(seconds: number): Promise<Latencies> {
    return this.besideOthers(0, seconds, () => this.known);
  }

  besideNew(newPerSecond: number, seconds: number): Promise<Latencies> {
    return this.besideOthers(newPerSecond, seconds, () => newOperation(this.asked++));
  }

  /** As beside new ones, with those that came first: they have plans, their answers are kept no longer. */
  besidePlanned(perSecond: number, seconds: number): Promise<Latencies> {
    return this.besideOthers(perSecond, seconds, () => newOperation(this.askedAgain++));
  }

  private async besideOthers(perSecond: number, seconds: number, next: () => Operation): Promise<Latencies> {
    const [known, others] = await Promise.all([
      this.paced(this.knownPerSecond, seconds, () => this.known),
      this.paced(perSecond, seconds, next),
    ]);
    return { known, others };
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
