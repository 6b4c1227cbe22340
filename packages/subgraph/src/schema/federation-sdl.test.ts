import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { printSubgraphSdl } from './federation-sdl.ts';

test('what is used of federation is imported, what is not used is not', () => {
  const plain = printSubgraphSdl(buildSchema('type Query { a: Int }'));
  expect(plain).toContain('import: []');
  expect(plain).not.toContain('cacheControl');
});

test('a cache hint brings its definition, hidden from clients, and keeps its scope an enum value', () => {
  const definitions =
    'directive @cacheControl(maxAge: Int, scope: String) on OBJECT | FIELD_DEFINITION directive @key(fields: String!) on OBJECT';
  const sdl = printSubgraphSdl(
    buildSchema(`${definitions} type Query { a: A } type A @key(fields: "id") @cacheControl(maxAge: 5, scope: "PRIVATE") { id: ID }`),
  );
  expect(sdl).toContain('import: ["@inaccessible", "@key"]');
  expect(sdl).toContain('scalar CacheControlScope @inaccessible');
  expect(sdl).toContain('@cacheControl(maxAge: 5, scope: PRIVATE)');
});
