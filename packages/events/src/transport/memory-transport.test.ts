import { describe, expect, test } from 'vitest';
import { MemoryTransport } from './memory-transport.ts';
import { transportContract } from './transport.contract.ts';

describe('the memory transport', () => {
  transportContract(async () => {
    const transport = new MemoryTransport({ partitions: 4 });
    return {
      transport,
      other: transport,
      flush: async () => transport.flush(),
      [Symbol.asyncDispose]: () => transport.close(),
    };
  });

  test('refuses a number of partitions that is none', () => {
    expect(() => new MemoryTransport({ partitions: 0 })).toThrow(/partitions must be 1 or more, got 0/);
  });
});
