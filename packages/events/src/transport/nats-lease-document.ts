import { EMPTY_TABLE, type LeaseTable } from './lease-table.ts';
import { isWrongSequence, type NatsBroker, type NatsSession, type NatsStream } from './nats-broker.ts';

interface Change {
  /** The table after the change and what to answer; pure, since it is repeated when another process was quicker. */
  readonly apply: (table: LeaseTable) => LeaseTable;
  readonly settle: (error?: unknown) => void;
}

/**
 * The lease table of one consumer as the last message of a subject. Writes are compare-and-swap on its sequence number;
 * changes that arrive while one is on its way are written together.
 */
export class NatsLeaseDocument {
  readonly #broker: NatsBroker;
  readonly #stream: NatsStream;
  readonly #subject: string;
  readonly #waiting: Change[] = [];
  #isWriting = false;
  /** What this process knows of the table; undefined when it has to look. */
  #known: { readonly table: LeaseTable; readonly sequence: number } | undefined;

  constructor(broker: NatsBroker, stream: NatsStream, subject: string) {
    this.#broker = broker;
    this.#stream = stream;
    this.#subject = subject;
  }

  /** Changes the table; resolves when the change is stored. `apply` may run several times. */
  change<R>(apply: (table: LeaseTable) => { readonly table: LeaseTable; readonly answer: R }): Promise<R> {
    return new Promise((resolve, reject) => {
      let answer: R;
      this.#waiting.push({
        apply: (table) => {
          const changed = apply(table);
          answer = changed.answer;
          return changed.table;
        },
        settle: (error) => (error === undefined ? resolve(answer) : reject(error)),
      });
      if (!this.#isWriting) void this.#write();
    });
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      const changes = this.#waiting.splice(0);
      const error = await this.#store(changes).then(
        () => undefined,
        (failure: unknown) => failure ?? new Error('the leases could not be stored'),
      );
      for (const { settle } of changes) settle(error);
    }
    this.#isWriting = false;
  }

  #store(changes: readonly Change[]): Promise<void> {
    return this.#broker.withStream(this.#stream, async (session) => {
      for (;;) {
        const known = this.#known ?? (await this.#look(session));
        const table = changes.reduce((at, { apply }) => apply(at), known.table);
        if (table === known.table) return;
        this.#known = undefined;
        try {
          const expect = { lastSubjectSequence: known.sequence };
          const { seq } = await session.client.publish(this.#subject, JSON.stringify(table), { expect });
          this.#known = { table, sequence: seq };
          return;
        } catch (error) {
          if (!isWrongSequence(error)) throw error;
        }
      }
    });
  }

  async #look({ manager }: NatsSession): Promise<{ readonly table: LeaseTable; readonly sequence: number }> {
    const message = await manager.streams.getMessage(this.#stream.name, { last_by_subj: this.#subject });
    // Written by #store above and by nobody else.
    return message === null ? { table: EMPTY_TABLE, sequence: 0 } : { table: message.json<LeaseTable>(), sequence: message.seq };
  }
}
