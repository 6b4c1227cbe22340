import { expect, test } from 'vitest';
import { hasErrors, sortFindings } from './finding.ts';

test('errors come first, then coordinates in order, what has none before', () => {
  const info = { severity: 'info', code: 'C', message: '' } as const;
  const warning = { severity: 'warning', code: 'B', message: '', coordinate: 'B.b' } as const;
  const other = { severity: 'warning', code: 'A', message: '', coordinate: 'A.a' } as const;
  const error = { severity: 'error', code: 'D', message: '' } as const;
  expect(sortFindings([info, warning, other, error])).toEqual([error, other, warning, info]);
  expect([hasErrors([info, warning]), hasErrors([error])]).toEqual([false, true]);
});
