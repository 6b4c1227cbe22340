import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { errorCodes } from './codes.ts';

test('docs/errors.md lists exactly the codes of the registry, with their status and text', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/errors.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` \| (\d+) \| (yes|no) \| (.+) \|$/gm)].map(([, code, status, retry, text]) => [
    code,
    Number(status),
    retry === 'yes',
    text,
  ]);
  const registry = Object.entries(errorCodes).map(([code, entry]) => [code, entry.httpStatus, entry.retryable, entry.message]);
  expect(rows).toEqual(registry);
});
