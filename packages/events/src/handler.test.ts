import { expect, test } from 'vitest';
import { Counted, counted } from '../test/counted.ts';
import type { DataOf, ReceivedEvent } from './define-event.ts';
import { byType, EventHandler, handlersOf, on } from './handler.ts';
import type { EventTransaction } from './transaction.ts';

const tx: EventTransaction = { $queryRawUnsafe: () => Promise.reject(new Error('unused')), $executeRawUnsafe: () => Promise.resolve(0) };

test('a marked method is called on its object with the event and the transaction', async () => {
  class Handlers {
    readonly seen: unknown[] = [];
    @EventHandler(Counted)
    async onCounted(event: ReceivedEvent<DataOf<typeof Counted>>, given: EventTransaction) {
      this.seen.push([event.data.n, given === tx]);
    }
  }
  const handlers = new Handlers();
  const [subscription] = handlersOf(handlers);
  await subscription?.handle(Counted.read(counted(1, 'a', 7)), tx);
  expect(handlers.seen).toEqual([[7, true]]);
});

test('a class without a marked method is refused by name', () => {
  class Forgotten {}
  expect(() => handlersOf(new Forgotten())).toThrow('Forgotten has no method marked with @EventHandler');
});

test('two handlers of one type in one consumer are refused', () => {
  const twice = on(Counted, async () => undefined);
  expect(() => byType([twice, twice])).toThrow('two handlers of one consumer take "counter.counted"');
});

test('a root client does not compile where a transaction is needed', () => {
  const root = { ...tx, $connect: () => Promise.resolve() };
  const take = (given: EventTransaction) => given;
  // @ts-expect-error $connect stands on root clients only
  expect(take(root)).toBe(root);
});
