import { join } from 'node:path';
import { expect, test } from 'vitest';
import { committedPage, configurationPage } from './configuration-page.ts';

const root = join(import.meta.dirname, '../../..');

test('docs/configuration.md is what the code says (npm run docs:config)', async () => {
  const page = await configurationPage(root);
  expect(committedPage(root)).toBe(page);
  for (const name of ['GATEWAY_PORT', 'DATABASE_URL_ORDERS', 'INTERNAL_KEY_PRODUCTS', 'SIGNING_KEYS_FILE'])
    expect(page).toContain(`\`${name}\``);
});
