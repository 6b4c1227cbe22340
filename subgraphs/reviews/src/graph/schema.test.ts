import { readFile } from 'node:fs/promises';
import { isEnumType, isInputObjectType, isIntrospectionType, isObjectType, parse, print, visit } from 'graphql';
import { expect, test } from 'vitest';
import { reviewsSchema } from './schema.ts';

const { schema, sdl } = await reviewsSchema();

test('the committed schema is what the classes say (npm run schema:print -w @subgraphs/reviews)', async () => {
  expect(sdl).toBe(await readFile(new URL('../../schema.graphql', import.meta.url), 'utf8'));
});

test('everything has a description, arguments too', () => {
  const own = Object.values(schema.getTypeMap()).filter(
    (type) =>
      !isIntrospectionType(type) && !/^(_|federation|link|CacheControlScope|String|Int|Boolean|ID|Float|Query$|Mutation$)/.test(type.name),
  );
  const bare = own.flatMap((type) => {
    if (!type.description) return [type.name];
    const parts =
      isObjectType(type) || isInputObjectType(type) ? Object.values(type.getFields()) : isEnumType(type) ? type.getValues() : [];
    return parts.filter((part) => !part.description && !part.name.startsWith('_')).map((part) => `${type.name}.${part.name}`);
  });
  const fields = Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type) && !isIntrospectionType(type) ? Object.values(type.getFields()) : [],
  );
  const bareArguments = fields.flatMap((field) =>
    field.name.startsWith('_') ? [] : field.args.filter(({ description }) => !description).map(({ name }) => `${field.name}(${name})`),
  );
  expect([...bare, ...bareArguments]).toEqual([]);
});

test('what needs a sign-in or a scope says so in the schema', () => {
  const guarded: string[] = [];
  visit(parse(sdl), {
    FieldDefinition: (field) => {
      const guard = field.directives?.find(({ name }) => ['authenticated', 'requiresScopes'].includes(name.value));
      if (guard) guarded.push(`${field.name.value} ${print(guard)}`);
    },
  });
  expect(guarded.sort()).toEqual([
    'automaticFindings @requiresScopes(scopes: [["reviews:moderate"]])',
    'questionAnswer @authenticated',
    'questionAsk @authenticated',
    'reviewDelete @authenticated',
    'reviewModerate @requiresScopes(scopes: [["reviews:moderate"]])',
    'reviewModerationQueue @requiresScopes(scopes: [["reviews:moderate"]])',
    'reviewReplySet @requiresScopes(scopes: [["reviews:reply"]])',
    'reviewReport @authenticated',
    'reviewSubmit @authenticated',
    'reviewUpdate @authenticated',
    'reviewVoteSet @authenticated',
    'reviewableItems @authenticated',
    'viewerReview @authenticated',
  ]);
});

test('every list is sized, and what crosses into another subgraph is nullable', () => {
  const unsized: string[] = [];
  const required: string[] = [];
  visit(parse(sdl), {
    ObjectTypeDefinition: (type) => {
      const isPage = /(Edge|Connection|Payload|Error)$/.test(type.name.value);
      for (const field of type.fields ?? []) {
        const text = print(field.type);
        const isSized = field.directives?.some(({ name }) => name.value === 'listSize');
        if (!isPage && /^\[|Connection/.test(text) && !isSized) unsized.push(`${type.name.value}.${field.name.value}`);
        if (/^(Product|User|Order|Account)!/.test(text)) required.push(`${type.name.value}.${field.name.value}`);
      }
    },
  });
  expect({ unsized, required }).toEqual({ unsized: [], required: [] });
});
