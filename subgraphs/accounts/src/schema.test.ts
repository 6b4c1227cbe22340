import { readFile } from 'node:fs/promises';
import { isEnumType, isInputObjectType, isIntrospectionType, isObjectType, parse, print, visit } from 'graphql';
import { expect, test } from 'vitest';
import { buildAccountsSchema } from './schema.ts';

const { schema, sdl } = await buildAccountsSchema();

test('the committed schema is what the classes say (npm run schema:print -w @subgraphs/accounts)', async () => {
  expect(sdl).toBe(await readFile(new URL('../schema.graphql', import.meta.url), 'utf8'));
});

test('everything has a description', () => {
  const own = Object.values(schema.getTypeMap()).filter(
    (type) =>
      !isIntrospectionType(type) && !/^(_|federation|link|CacheControlScope|String|Int|Boolean|ID|Float|Query$|Mutation$)/.test(type.name),
  );
  const bare = own.flatMap((type) => {
    const parts =
      isObjectType(type) || isInputObjectType(type) ? Object.values(type.getFields()) : isEnumType(type) ? type.getValues() : [];
    const missing = parts.filter((part) => !part.description && !part.name.startsWith('_')).map((part) => `${type.name}.${part.name}`);
    // A stub's owner describes it; two descriptions of one type would be a hint of composition.
    return type.description || isStub(type.name) ? missing : [type.name, ...missing];
  });
  const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) => Object.values(type?.getFields() ?? {}));
  const bareFields = fields
    .filter(({ name }) => !name.startsWith('_'))
    .flatMap((field) => [field, ...field.args].filter(({ description }) => !description).map(({ name }) => `${field.name}(${name})`));
  expect([...bare, ...bareFields]).toEqual([]);
});

function isStub(name: string): boolean {
  return new RegExp(`^type ${name} implements Node @key\\(fields: "id", resolvable: false\\)`, 'm').test(sdl);
}

test('what needs a sign-in or a scope says so in the schema', () => {
  const guarded: string[] = [];
  const openOfAccount: string[] = [];
  visit(parse(sdl), {
    ObjectTypeDefinition: (type) => {
      for (const field of type.fields ?? []) {
        const guard = field.directives?.find(({ name }) => ['authenticated', 'requiresScopes'].includes(name.value));
        if (guard && type.name.value !== 'Account') guarded.push(`${field.name.value} ${print(guard)}`);
        if (!guard && type.name.value === 'Account') openOfAccount.push(field.name.value);
      }
    },
  });
  expect(openOfAccount).toEqual(['id', 'riskLevel']);
  expect(guarded.sort()).toEqual([
    'accountErasureCancel @authenticated',
    'accountErasureRequest @authenticated',
    'accountMfaRemove @requiresScopes(scopes: [["accounts:write"]])',
    'accountRolesSet @requiresScopes(scopes: [["accounts:write"]])',
    'accountSuspend @requiresScopes(scopes: [["accounts:write"]])',
    'accounts @requiresScopes(scopes: [["accounts:read"]])',
    'addressCreate @authenticated',
    'addressDelete @authenticated',
    'addressUpdate @authenticated',
    'auditLog @requiresScopes(scopes: [["accounts:write"]])',
    'dataExportRequest @authenticated',
    'identityUnlink @authenticated',
    'me @authenticated',
    'mfaTotpConfirm @authenticated',
    'mfaTotpEnrol @authenticated',
    'passwordChange @authenticated',
    'profileUpdate @authenticated',
    'sessionRevoke @authenticated',
    'sessionRevokeOthers @authenticated',
  ]);
});
