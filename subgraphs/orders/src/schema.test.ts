import { readFile } from 'node:fs/promises';
import { isEnumType, isInputObjectType, isIntrospectionType, isObjectType, parse, print, visit } from 'graphql';
import { expect, test } from 'vitest';
import { buildOrdersSchema } from './schema.ts';

const { schema, sdl } = await buildOrdersSchema();

test('the committed schema is what the classes say (npm run schema:print -w @subgraphs/orders)', async () => {
  expect(sdl).toBe(await readFile(new URL('../schema.graphql', import.meta.url), 'utf8'));
});

test('everything has a description', () => {
  const foreign = /^(_|federation|link|CacheControlScope|String|Int|Boolean|ID|Float|Query$|Mutation$)/;
  const own = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type) && !foreign.test(type.name));
  const bare = own.flatMap((type) => {
    const parts =
      isObjectType(type) || isInputObjectType(type) ? Object.values(type.getFields()) : isEnumType(type) ? type.getValues() : [];
    const missing = parts.filter((part) => !part.description).map((part) => `${type.name}.${part.name}`);
    return [...(type.description ? [] : [type.name]), ...missing];
  });
  const roots = [schema.getQueryType(), schema.getMutationType()].flatMap((type) => Object.values(type?.getFields() ?? {}));
  const bareRoots = roots
    .filter(({ name }) => !name.startsWith('_'))
    .flatMap((field) => [field, ...field.args].filter((part) => !part.description));
  expect([...bare, ...bareRoots.map(({ name }) => name)]).toEqual([]);
});

test('what needs a scope says so in the schema', () => {
  const guarded: string[] = [];
  visit(parse(sdl), {
    FieldDefinition: (field) => {
      const guard = field.directives?.find(({ name }) => name.value === 'requiresScopes');
      if (guard) guarded.push(`${field.name.value} ${print(guard).match(/"(.+)"/)?.[1]}`);
    },
  });
  expect(guarded.sort()).toEqual([
    'fulfillmentCreate orders:write',
    'orders orders:read',
    'paymentCapture payments:write',
    'refundCreate payments:write',
    'returnResolve orders:write',
    'workflow orders:read',
    'workflowCancel orders:write", "payments:write',
    'workflowCompensate orders:write", "payments:write',
    'workflowRetry orders:write", "payments:write',
    'workflows orders:read',
  ]);
});
