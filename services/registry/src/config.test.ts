import { expect, test } from 'vitest';
import { readConfig, readEmbeddedConfig } from './config.ts';

test('a wrong variable is named with what is allowed, and addresses of databases are not shown', () => {
  expect(() => readEmbeddedConfig({ REGISTRY_PORT: 'x' })).toThrow('REGISTRY_PORT is "x": allowed is a whole number');
  expect(() => readConfig({ DATABASE_URL_REGISTRY: 'mysql://user:secret@db' })).toThrow(
    /DATABASE_URL_REGISTRY is \(hidden\): allowed is a URL starting with postgresql/,
  );
  expect(() => readConfig({})).toThrow('DATABASE_URL_REGISTRY is not set');
});

test("pages are open on one's own machine only, unless somebody says otherwise", () => {
  expect(readEmbeddedConfig({}).env['REGISTRY_OPEN_PAGES']).toBe('true');
  expect(readEmbeddedConfig({ REGISTRY_HOST: '0.0.0.0' }).env['REGISTRY_OPEN_PAGES']).toBeUndefined();
  expect(readEmbeddedConfig({ REGISTRY_OPEN_PAGES: 'false' }).env['REGISTRY_OPEN_PAGES']).toBe('false');
  expect(readConfig({ DATABASE_URL_REGISTRY: 'postgres://db' }).REGISTRY_OPEN_PAGES).toBe(false);
});
