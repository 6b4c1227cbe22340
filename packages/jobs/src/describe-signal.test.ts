import { expect, test } from 'vitest';
import { describeSignal } from './describe-signal.ts';

test('a dead job is an error, a failed one a warning, the rest is detail', () => {
  const about = { job: 'greet', id: 'job_1' };
  const levels = [
    describeSignal({ kind: 'dead', ...about, attempt: 3, error: new Error('x') }),
    describeSignal({ kind: 'failed', ...about, attempt: 1, error: new Error('x') }),
    describeSignal({ kind: 'completed', ...about, durationMs: 3 }),
    describeSignal({ kind: 'discarded', ...about, durationMs: 3 }),
    describeSignal({ kind: 'error', error: new Error('x') }),
  ].map(({ level }) => level);
  expect(levels).toEqual(['error', 'warn', 'debug', 'debug', 'debug']);
});
