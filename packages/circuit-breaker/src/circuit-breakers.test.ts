import { setTimeout as sleep } from 'node:timers/promises';
import { BrokenCircuitError, BulkheadRejectedError, IsolatedCircuitError, TaskCancelledError } from 'cockatiel';
import { describe, expect, test, vi } from 'vitest';
import { CircuitBreakers } from './circuit-breakers.ts';
import type { CircuitEvent } from './circuit-metrics.ts';
import type { CircuitConfig } from './operation-config.ts';

const fails = () => Promise.reject(new Error('down'));
const works = () => Promise.resolve('up');

function open(random = () => 0.5) {
  const breakers = new CircuitBreakers({ random });
  const events: CircuitEvent[] = [];
  const subscription = breakers.onEvent((event) => events.push(event));
  const states = () => events.flatMap((event) => (event.kind === 'state' ? [`${event.from} → ${event.to}`] : []));
  return { breakers, events, states, subscription };
}

async function failTimes(breakers: CircuitBreakers, config: CircuitConfig, times: number) {
  for (let n = 0; n < times; n += 1) await expect(breakers.execute(fails, config)).rejects.toThrow('down');
}

describe('a circuit', () => {
  test('opens after the threshold, refuses, lets a probe through and closes when it answers', async () => {
    vi.useFakeTimers();
    const { breakers, states } = open();
    const config = { id: 'a', failureThreshold: 3, recoveryTimeoutMs: 1_000 };
    await failTimes(breakers, config, 3);
    expect(breakers.getState('a')).toBe('open');
    await expect(breakers.execute(works, config)).rejects.toThrow(BrokenCircuitError);
    vi.advanceTimersByTime(1_001);
    await failTimes(breakers, config, 1);
    expect(breakers.getState('a')).toBe('open');
    vi.advanceTimersByTime(1_001);
    expect(await breakers.execute(works, config)).toBe('up');
    expect(states()).toEqual(['closed → open', 'open → half-open', 'half-open → open', 'open → half-open', 'half-open → closed']);
    await failTimes(breakers, config, 2);
    expect(breakers.getState('a')).toBe('closed');
    expect(breakers.getMetrics('a')).toMatchObject({ calls: 8, successes: 1, failures: 6, refused: 1, active: 0, queued: 0 });
    vi.useRealTimers();
  });

  test('recovers in its time although the clock is set back', async () => {
    vi.useFakeTimers();
    const { breakers } = open();
    const config = { id: 'a', failureThreshold: 1, recoveryTimeoutMs: 1_000 };
    await failTimes(breakers, config, 1);
    vi.setSystemTime(Date.now() - 3_600_000);
    vi.advanceTimersByTime(999);
    await expect(breakers.execute(works, config)).rejects.toThrow(BrokenCircuitError);
    vi.advanceTimersByTime(1);
    expect(await breakers.execute(works, config)).toBe('up');
    vi.useRealTimers();
  });

  test('refuses at once while a probe hangs, sends one probe only, and closes when it answers', async () => {
    const { breakers, states } = open();
    const config = { id: 'a', failureThreshold: 1, recoveryTimeoutMs: 5, timeoutMs: 'own' as const, bulkhead: 'own' as const };
    await failTimes(breakers, config, 1);
    await sleep(10);
    const answer = Promise.withResolvers<string>();
    let asked = 0;
    const hangs = () => {
      asked += 1;
      return answer.promise;
    };
    const calls = Array.from({ length: 5 }, () => breakers.execute(hangs, config));
    const refused = calls.slice(1).map((call) => expect(call).rejects.toThrow(BrokenCircuitError));
    await Promise.all(refused);
    await expect(breakers.execute(hangs, { ...config, fallback: () => 'fallback' })).resolves.toBe('fallback');
    const reason = new Error('client went away');
    await expect(breakers.execute(hangs, { ...config, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(asked).toBe(1);
    expect(breakers.getState('a')).toBe('half-open');
    answer.resolve('up');
    expect(await calls[0]).toBe('up');
    expect(await breakers.execute(works, config)).toBe('up');
    expect(states()).toEqual(['closed → open', 'open → half-open', 'half-open → closed']);
    expect(breakers.getMetrics('a')).toMatchObject({ refused: 6 });
  });

  test('sends the next probe after one that failed, or whose caller left', async () => {
    const { breakers } = open();
    const config = { id: 'a', failureThreshold: 1, recoveryTimeoutMs: 5 };
    await failTimes(breakers, config, 1);
    await sleep(10);
    await failTimes(breakers, config, 1);
    await sleep(10);
    const caller = new AbortController();
    const leaving = breakers.execute(({ signal }) => sleep(60_000, 'late', { signal }), { ...config, signal: caller.signal });
    caller.abort(new Error('client went away'));
    await expect(leaving).rejects.toThrow('client went away');
    await sleep(10);
    expect(await breakers.execute(works, config)).toBe('up');
    expect(breakers.getState('a')).toBe('closed');
  });

  test('forgets failures that are older than the monitoring window', async () => {
    let now = 0;
    const breakers = new CircuitBreakers({ now: () => now });
    const config = { id: 'a', failureThreshold: 2, monitoringWindowMs: 100 };
    await failTimes(breakers, config, 1);
    now = 101;
    await failTimes(breakers, config, 1);
    expect(breakers.getState('a')).toBe('closed');
    now = 150;
    await failTimes(breakers, config, 1);
    expect(breakers.getState('a')).toBe('open');
  });

  test('does not count what the call says is no failure, and throws it unchanged', async () => {
    const { breakers } = open();
    const notFound = new RangeError('not found');
    const call = () =>
      breakers.execute<string>(() => Promise.reject(notFound), {
        id: 'a',
        failureThreshold: 1,
        isFailure: (error) => !(error instanceof RangeError),
        fallback: () => 'fallback',
      });
    await expect(call()).rejects.toBe(notFound);
    expect(breakers.getState('a')).toBe('closed');
    expect(breakers.getMetrics('a')).toMatchObject({ failures: 0, fallbacks: 0 });
  });

  test('is apart from other circuits, and closed before its first use', async () => {
    const { breakers } = open();
    await failTimes(breakers, { id: 'a', failureThreshold: 1 }, 1);
    expect(await breakers.execute(works, { id: 'b' })).toBe('up');
    expect([breakers.getState('a'), breakers.getState('b'), breakers.getState('c')]).toEqual(['open', 'closed', 'closed']);
    expect(breakers.getMetrics('c')).toBeUndefined();
    expect(breakers.allMetrics().map(({ id, state }) => [id, state])).toEqual([
      ['a', 'open'],
      ['b', 'closed'],
    ]);
  });

  test('stays open while it is isolated by hand', async () => {
    const { breakers, states } = open();
    const isolation = breakers.isolate({ id: 'a' });
    await expect(breakers.execute(works, { id: 'a' })).rejects.toThrow(IsolatedCircuitError);
    expect(breakers.getMetrics('a')).toMatchObject({ state: 'isolated', refused: 1 });
    isolation[Symbol.dispose]();
    expect(await breakers.execute(works, { id: 'a' })).toBe('up');
    expect(states()).toEqual(['closed → isolated', 'isolated → closed']);
  });
});

describe('a timeout', () => {
  test('aborts the operation, counts as a failure and names its length', async () => {
    const { breakers } = open();
    let aborted: unknown;
    const call = breakers.execute(({ signal }) => new Promise(() => signal.addEventListener('abort', () => (aborted = signal.aborted))), {
      id: 'a',
      timeoutMs: 10,
    });
    await expect(call).rejects.toThrow(TaskCancelledError);
    await expect(call).rejects.toThrow('Operation timed out after 10ms');
    expect(aborted).toBe(true);
    expect(breakers.getMetrics('a')).toMatchObject({ failures: 1, timeouts: 1 });
  });

  test('leaves the signal alone when the operation has answered in time, so its body can still be read', async () => {
    const { breakers } = open();
    const signal = await breakers.execute(({ signal }) => Promise.resolve(signal), { id: 'a', timeoutMs: 1_000 });
    expect(signal.aborted).toBe(false);
  });
});

describe('a caller that aborts', () => {
  test('gets its own reason, at once, and the circuit holds nothing against the dependency', async () => {
    const { breakers } = open();
    const caller = new AbortController();
    const call = breakers.execute<string>(({ signal }) => sleep(60_000, 'late', { signal }), {
      id: 'a',
      signal: caller.signal,
      failureThreshold: 1,
      fallback: () => 'fallback',
      idempotent: true,
      retry: { kind: 'constant', attempts: 5, delayMs: 0 },
    });
    const reason = new Error('client went away');
    caller.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect(breakers.getMetrics('a')).toMatchObject({ state: 'closed', failures: 0, retries: 0, fallbacks: 0 });
  });

  test('does not close a half-open circuit by leaving', async () => {
    const { breakers } = open();
    const config = { id: 'a', failureThreshold: 1, recoveryTimeoutMs: 5 };
    await failTimes(breakers, config, 1);
    await sleep(10);
    const caller = new AbortController();
    const call = breakers.execute(({ signal }) => sleep(60_000, 'late', { signal }), { ...config, signal: caller.signal });
    caller.abort();
    await expect(call).rejects.toThrow();
    expect(breakers.getState('a')).toBe('open');
  });
});

describe('a retry', () => {
  const flaky = (failures: number) => {
    let calls = 0;
    return ({ attempt }: { attempt: number }) => (++calls <= failures ? fails() : Promise.resolve(`attempt ${attempt}`));
  };

  test('repeats an idempotent operation until it answers', async () => {
    const { breakers, events } = open();
    const config: CircuitConfig = { id: 'a', idempotent: true, retry: { kind: 'constant', attempts: 3, delayMs: 1 } };
    expect(await breakers.execute(flaky(2), config)).toBe('attempt 3');
    expect(breakers.getMetrics('a')).toMatchObject({ calls: 1, successes: 1, failures: 2, retries: 2 });
    expect(events.flatMap((event) => (event.kind === 'retry' ? [event.attempt] : []))).toEqual([2, 3]);
  });

  test('gives up after the last attempt with the error of that attempt', async () => {
    const { breakers } = open();
    await failTimes(breakers, { id: 'a', idempotent: true, retry: { kind: 'exponential', attempts: 3, baseMs: 1, maxMs: 2 } }, 1);
    expect(breakers.getMetrics('a')).toMatchObject({ failures: 3, retries: 2 });
  });

  test('stops when the circuit opens', async () => {
    const { breakers } = open();
    const call = breakers.execute(fails, {
      id: 'a',
      failureThreshold: 2,
      idempotent: true,
      retry: { kind: 'constant', attempts: 9, delayMs: 0 },
    });
    await expect(call).rejects.toThrow(BrokenCircuitError);
    expect(breakers.getMetrics('a')).toMatchObject({ failures: 2, refused: 1 });
  });

  test('keeps to its budget, so that an outage is not multiplied', async () => {
    const { breakers } = open();
    const config: CircuitConfig = {
      id: 'a',
      failureThreshold: 1_000,
      retryBudget: 0.1,
      idempotent: true,
      retry: { kind: 'constant', attempts: 2, delayMs: 0 },
    };
    await failTimes(breakers, config, 100);
    const { retries = 0, retriesRefused = 0 } = breakers.getMetrics('a') ?? {};
    expect(retries).toBeGreaterThanOrEqual(12);
    expect(retries).toBeLessThanOrEqual(13);
    expect(retries + retriesRefused).toBe(100);
  });

  test('does not compile, and does not run, for an operation that is not idempotent', () => {
    const { breakers } = open();
    // @ts-expect-error a retry needs idempotent: true
    const config: CircuitConfig = { id: 'a', retry: { kind: 'constant', attempts: 2, delayMs: 0 } };
    expect(() => breakers.execute(works, config)).toThrow('circuit "a": a retry repeats the call, so the operation must be idempotent');
  });
});

describe('a hedge', () => {
  const hedge = { id: 'a', idempotent: true as const, hedge: { afterMs: 5 } };

  test('asks a second time when the first attempt is late, takes the first answer and aborts the other', async () => {
    const { breakers, events } = open();
    const aborted: number[] = [];
    let attempts = 0;
    const answer = await breakers.execute(({ signal }) => {
      attempts += 1;
      const n = attempts;
      signal.addEventListener('abort', () => aborted.push(n));
      return n === 1 ? sleep(60_000, 'late', { signal }) : Promise.resolve('second');
    }, hedge);
    expect(answer).toBe('second');
    expect(aborted).toContain(1);
    expect(breakers.getMetrics('a')).toMatchObject({ calls: 1, successes: 1, failures: 0, hedges: 1, hedgesWon: 1 });
    expect(events.some(({ kind }) => kind === 'hedge')).toBe(true);
  });

  test('asks once when the first attempt is in time, and not again when it fails at once', async () => {
    const { breakers } = open();
    expect(await breakers.execute(works, hedge)).toBe('up');
    await expect(breakers.execute(fails, hedge)).rejects.toThrow('down');
    expect(breakers.getMetrics('a')).toMatchObject({ hedges: 0, successes: 1, failures: 1 });
  });

  test('fails with the error of the first attempt when both fail', async () => {
    const { breakers } = open();
    let attempts = 0;
    const call = breakers.execute(async () => {
      attempts += 1;
      const n = attempts;
      await sleep(20);
      throw new Error(`attempt ${n}`);
    }, hedge);
    await expect(call).rejects.toThrow('attempt 1');
    expect(breakers.getMetrics('a')).toMatchObject({ hedges: 1, hedgesWon: 0, failures: 2 });
  });

  test('keeps to the budget of retries', async () => {
    const { breakers } = open();
    const slow = () => sleep(20, 'slow');
    for (let n = 0; n < 6; n += 1) await breakers.execute(slow, { ...hedge, retryBudget: 0 });
    expect(breakers.getMetrics('a')).toMatchObject({ hedges: 3, retriesRefused: 3 });
  });

  test('ends with its caller', async () => {
    const { breakers } = open();
    const caller = new AbortController();
    const call = breakers.execute(({ signal }) => sleep(60_000, 'late', { signal }), { ...hedge, signal: caller.signal });
    await sleep(20);
    caller.abort(new Error('client went away'));
    await expect(call).rejects.toThrow('client went away');
    expect(breakers.getMetrics('a')).toMatchObject({ failures: 0, state: 'closed' });
  });

  test('does not compile, and does not run, for an operation that is not idempotent', () => {
    const { breakers } = open();
    // @ts-expect-error a hedge needs idempotent: true
    const config: CircuitConfig = { id: 'a', hedge: { afterMs: 1 } };
    expect(() => breakers.execute(works, config)).toThrow('circuit "a": a hedge repeats the call, so the operation must be idempotent');
  });
});

describe('an operation with a deadline and a pool of its own', () => {
  test('is only watched', async () => {
    const { breakers } = open();
    const config = { id: 'a', timeoutMs: 'own' as const, bulkhead: 'own' as const, failureThreshold: 2 };
    expect(await breakers.execute(({ signal }) => Promise.resolve(signal.aborted), config)).toBe(false);
    await failTimes(breakers, config, 2);
    await expect(breakers.execute(works, config)).rejects.toThrow(BrokenCircuitError);
    expect(breakers.getMetrics('a')).toMatchObject({ state: 'open', active: 0, queued: 0 });
  });
});

describe('a busy circuit', () => {
  test('stays closed while few of many calls fail, and opens when most do', async () => {
    let now = 0;
    const breakers = new CircuitBreakers({ now: () => now });
    const config = { id: 'a', failureThreshold: 5, failureShare: 0.5, monitoringWindowMs: 1_000 };
    for (let n = 0; n < 40; n += 1) {
      await breakers.execute(works, config);
      if (n % 4 === 0) await failTimes(breakers, config, 1);
    }
    expect(breakers.getState('a')).toBe('closed');
    now = 2_000;
    await failTimes(breakers, config, 5);
    expect(breakers.getState('a')).toBe('open');
  });
});

describe('a bulkhead', () => {
  test('runs as many as allowed, lets some wait and refuses the rest', async () => {
    const { breakers } = open();
    const gate = Promise.withResolvers<string>();
    const config = { id: 'a', bulkhead: { limit: 2, queue: 1 } };
    const calls = [1, 2, 3].map(() => breakers.execute(() => gate.promise, config));
    await expect(breakers.execute(works, config)).rejects.toThrow(BulkheadRejectedError);
    expect(breakers.getMetrics('a')).toMatchObject({ active: 2, queued: 1, overflowed: 1 });
    gate.resolve('done');
    expect(await Promise.all(calls)).toEqual(['done', 'done', 'done']);
    expect(breakers.getMetrics('a')).toMatchObject({ active: 0, queued: 0, state: 'closed' });
  });
});

describe('a fallback', () => {
  test('answers for a failed and for a refused call, and is told why', async () => {
    const { breakers, events } = open();
    const config = {
      id: 'a',
      failureThreshold: 1,
      fallback: (error: unknown) => `instead of ${error instanceof Error ? error.constructor.name : ''}`,
    };
    expect(await breakers.execute<string>(fails, config)).toBe('instead of Error');
    expect(await breakers.execute<string>(works, config)).toBe('instead of BrokenCircuitError');
    expect(breakers.getMetrics('a')).toMatchObject({ fallbacks: 2 });
    expect(events.map(({ kind }) => kind)).toEqual(['failure', 'state', 'fallback', 'fallback']);
  });
});

describe('settings', () => {
  test.each([
    [{ failureThreshold: 0 }, 'failureThreshold is 0'],
    [{ monitoringWindowMs: -1 }, 'monitoringWindowMs is -1'],
    [{ recoveryTimeoutMs: 0 }, 'recoveryTimeoutMs is 0'],
    [{ timeoutMs: Number.NaN }, 'timeoutMs is NaN'],
    [{ bulkhead: { limit: 0, queue: 0 } }, 'bulkhead.limit is 0'],
    [{ bulkhead: { limit: 1, queue: -1 } }, 'bulkhead.queue is -1'],
    [{ retryBudget: 2 }, 'retryBudget is 2'],
    [{ failureShare: 1.5 }, 'failureShare is 1.5'],
    [{ idempotent: true as const, retry: { kind: 'constant' as const, attempts: 0, delayMs: 0 } }, 'retry.attempts is 0'],
  ])('out of range %j are refused by name and value', (settings, message) => {
    expect(() => new CircuitBreakers().execute(works, { id: 'a', ...settings })).toThrow(`circuit "a": ${message}, which is out of range`);
  });

  test('that differ between two calls of one circuit are refused', async () => {
    const { breakers, events, subscription } = open();
    await breakers.execute(works, { id: 'a', timeoutMs: 100 });
    expect(() => breakers.execute(works, { id: 'a', timeoutMs: 200 })).toThrow(/"a" is in use with other settings: .*"timeoutMs":100/);
    const before = events.length;
    subscription[Symbol.dispose]();
    await breakers.execute(works, { id: 'a', timeoutMs: 100 });
    expect(events).toHaveLength(before);
  });
});
