import { expect, test } from 'vitest';
import { compileRules } from '../authorize/rules.ts';
import { loadSupergraph } from '../supergraph/supergraph-generation.ts';
import { composeSupergraph } from '../testing/test-gateway.ts';
import { printMatrix, restrictedRows } from './print-matrix.ts';
import { audiences, buildRoleMatrix } from './role-matrix.ts';

const sdl = composeSupergraph({
  a: {
    url: 'http://a',
    sdl: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@authenticated", "@requiresScopes", "@policy"])
      type Query { open: Open  me: Account @authenticated  staff: String @policy(policies: [["staff"]]) }
      type Mutation { refund: Int @requiresScopes(scopes: [["payments:write"]]) }
      type Open { name: String }
      type Account { name: String  notes: Notes @requiresScopes(scopes: [["accounts:read"]]) }
      type Notes { text: String }`,
  },
});

async function matrix() {
  const { supergraph, apiSchema } = loadSupergraph(sdl);
  return buildRoleMatrix({
    schema: apiSchema,
    rules: compileRules(supergraph.schema, apiSchema),
    checkPolicy: async (_policy, principal) => principal.kind === 'user' && principal.roles.length > 1,
  });
}

test('every role has exactly the fields that its requests would get, with the path there', async () => {
  const rows = new Map((await matrix()).map((row) => [row.coordinate, row]));
  const who = (coordinate: string) => Object.keys(rows.get(coordinate)?.paths ?? {});
  expect(who('Open.name')).toEqual(audiences);
  expect(who('Account.name')).toEqual(audiences.slice(1));
  expect(who('Query.staff')).toEqual(audiences.slice(2));
  expect(who('Notes.text')).toEqual(['SUPPORT', 'ADMIN']);
  expect(who('Mutation.refund')).toEqual(['ORDER_MANAGER', 'ADMIN']);
  expect(rows.get('Notes.text')?.paths['SUPPORT']).toBe('Query.me → Account.notes → Notes.text');
  expect(rows.get('Mutation.refund')?.requires).toEqual(['payments:write']);
});

test('the matrix is written as text, JSON and HTML', async () => {
  const rows = restrictedRows(await matrix());
  expect(rows.map((row) => row.coordinate)).not.toContain('Open.name');
  expect(printMatrix(rows, 'text')).toMatch(/^Mutation\.refund +- +- +- +yes +- +- +yes +payments:write +Mutation\.refund$/m);
  expect(JSON.parse(printMatrix(rows, 'json'))).toHaveLength(rows.length);
  expect(printMatrix(rows, 'html')).toContain('<td>Mutation.refund</td>');
});
