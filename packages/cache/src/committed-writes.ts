import { randomUUID } from 'node:crypto';
import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { Listener } from '@app/database/listener';
import type { AnnouncedWrites } from './announced-writes.ts';
import { say } from './say-what-is-owed.ts';

/** How commits are heard of. */
export interface CommittedWritesOptions {
  /** Of the database, on a connection that is a session of its own: behind a pooler of transactions nothing is heard. */
  readonly url: string;
  readonly applicationName: string;
  /** Where triggers say what a transaction wrote: cache tags with a space between them. */
  readonly channel: string;
  /** Runs `SELECT pg_notify(channel, payload)`. */
  readonly notify: (channel: string, payload: string) => Promise<unknown>;
  /** Closed with it. */
  readonly writes: AnnouncedWrites;
  readonly onTrouble: (error: unknown) => void;
}

/** A writer waits for this long at most to hear of its own commit. */
const PATIENCE_MS = 250;
/** Tags heard of at once beyond this are told as "everything". */
const MAX_TAGS = 1_000;

/**
 * Tells caches of what is committed to a database, whoever commits it: triggers notify, and Postgres delivers notifications in the order of
 * commits. While nothing can be heard, nothing may be kept ({@link followCommits}); when hearing begins or ends, everything is forgotten.
 */
export class CommittedWrites {
  private readonly options: CommittedWritesOptions;
  private readonly listener: Listener;
  private readonly markChannel: string;
  private readonly marks = new Map<string, () => void>();
  private readonly heard = new Set<string>();
  private telling: Promise<void> = Promise.resolve();
  private listening = false;

  constructor(options: CommittedWritesOptions) {
    const { url, applicationName, channel, onTrouble } = options;
    this.options = options;
    this.markChannel = `${channel}_mark`;
    const turn = (listening: boolean) => () => {
      this.listening = listening;
      this.tell(() => options.writes.tell());
    };
    this.listener = new Listener({
      url,
      applicationName,
      channels: { [channel]: (tags) => this.hear(tags), [this.markChannel]: (mark) => this.marks.get(mark)?.() },
      onListening: turn(true),
      onLost: turn(false),
      onTrouble,
    });
  }

  /** Whether every commit from now on is heard of. */
  get isListening(): boolean {
    return this.listening;
  }

  /** Whether caches have yet to be told of something. */
  get isOwing(): boolean {
    return this.options.writes.isOwing;
  }

  /** Resolves when caches know of everything that was committed before the call, or have forgotten everything. Never rejects. */
  async caughtUp(): Promise<void> {
    if (await this.isHeard(randomUUID())) await this.telling;
    else await this.options.writes.tell();
  }

  async close(): Promise<void> {
    await this.listener.stop();
    await this.telling;
    this.options.writes.close();
  }

  /** Whether a mark that is set now comes back in time: then all that was committed before it has been heard. */
  private async isHeard(mark: string): Promise<boolean> {
    if (!this.listening) return false;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(resolve, PATIENCE_MS, false);
    this.marks.set(mark, () => resolve(true));
    this.options.notify(this.markChannel, mark).catch(() => resolve(false));
    const isHeard = await promise;
    clearTimeout(timer);
    this.marks.delete(mark);
    return isHeard;
  }

  /** What comes in one piece is told in one piece. */
  private hear(tags: string): void {
    const isFirst = this.heard.size === 0;
    for (const tag of tags.split(' ')) this.heard.add(tag);
    if (!isFirst) return;
    this.tell(async () => {
      await Promise.resolve();
      const all = [...this.heard];
      this.heard.clear();
      await this.options.writes.tell(all.length > MAX_TAGS ? {} : { tags: all });
    });
  }

  private tell(what: () => Promise<void>): void {
    // With nothing as its result: an array with the result before in it would be a chain of all that was ever told.
    this.telling = Promise.all([this.telling, what()]).then(() => undefined);
  }
}

/** Lets answers be kept only while commits are heard of, and answers mutations when caches know what they committed. Undefined: nothing is kept. */
export function followCommits(committed: CommittedWrites | undefined): ApolloServerPlugin<BaseContext> {
  return {
    requestDidStart: async ({ overallCachePolicy }) => {
      if (!committed?.isListening) overallCachePolicy.restrict({ maxAge: 0 });
      return {
        willSendResponse: async (request) => {
          if (request.operation?.operation === 'mutation') await committed?.caughtUp();
          if (committed !== undefined) say(request, committed);
        },
      };
    },
  };
}
