import { expect, test } from 'vitest';
import { logFormat } from './log-lines.ts';

const plain = logFormat(['gateway', 'orders'], false);

test('lines are prefixed with their process, in one column', () => {
  expect(plain.line('orders', 'hello')).toBe('orders  | hello');
  expect(plain.line('gateway', 'hello')).toBe('gateway | hello');
});

test('a structured line becomes level, message and fields, without what every line has', () => {
  const line = JSON.stringify({ level: 30, time: 1, pid: 2, hostname: 'h', service: 's', msg: 'done', ms: 4, op: 'Cart', tags: ['a'] });
  expect(plain.line('orders', line)).toBe('orders  | INFO done ms=4 op=Cart tags=["a"]');
  expect(plain.line('orders', '{"level":"warn","msg":"x"}')).toBe('orders  | WARN x');
  expect(plain.line('orders', '{"level":35}')).toBe('orders  | 35');
});

test('an error shows its stack', () => {
  expect(plain.line('orders', '{"level":50,"msg":"no","err":{"stack":"Error: why\\n  at x"}}')).toBe(
    'orders  | ERROR no err=Error: why\n  at x',
  );
});

test.each(['{not json', '{"a":1}', '[1]', ''])('%s stays as it is', (line) => {
  expect(plain.line('orders', line)).toBe(`orders  | ${line}`);
});

test('in a terminal neighbours have different colours, and unknown processes one too', () => {
  const coloured = logFormat(['gateway', 'orders'], true);
  const [one, two, three] = ['gateway', 'orders', 'postgres'].map((name) => coloured.line(name, 'x'));
  expect(one?.slice(0, 5)).not.toBe(two?.slice(0, 5));
  expect(three?.startsWith('\u001b[')).toBe(true);
});
