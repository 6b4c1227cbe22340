import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';

/** One request to send. */
export interface Operation {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends operations over connections that stay open. */
export class Client implements AsyncDisposable {
  private readonly agent: Agent;

  constructor(
    private readonly url: string,
    private readonly connections: number,
  ) {
    this.agent = new Agent({ connections, keepAliveTimeout: 60_000 });
  }

  /** @throws {Error} when the answer is not a GraphQL answer without errors. */
  async post({ query, variables, headers }: Operation): Promise<string> {
    const response = await request(this.url, {
      dispatcher: this.agent,
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, ...(variables && { variables }) }),
    });
    const text = await response.body.text();
    if (response.statusCode !== 200 || text.includes('"errors"'))
      throw new Error(`${this.url} answered ${response.statusCode}: ${text.slice(0, 300)}`);
    return text;
  }

  /** The first answer, however long the gateway takes to start. */
  async untilReady(operation: Operation, hasEnded: () => boolean): Promise<string> {
    for (const until = performance.now() + 60_000; ; ) {
      try {
        return await this.post(operation);
      } catch (error) {
        if (hasEnded() || performance.now() > until) throw error;
        await sleep(100);
      }
    }
  }

  /** Every connection sends one operation after the other for that long; answers the time of each, in milliseconds. */
  async loadFor(durationMs: number, next: () => Operation): Promise<number[]> {
    const until = performance.now() + durationMs;
    const latenciesMs: number[] = [];
    const connection = async () => {
      while (performance.now() < until) {
        const sentAt = performance.now();
        await this.post(next());
        latenciesMs.push(performance.now() - sentAt);
      }
    };
    await Promise.all(Array.from({ length: this.connections }, connection));
    return latenciesMs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.agent.close();
  }
}
