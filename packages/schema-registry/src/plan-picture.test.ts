import { expect, test } from 'vitest';
import { compose, explain, explanationText, planPicture, type SubgraphSource } from './index.ts';

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated", "@requiresScopes"])\n';
const source = (name: string, sdl: string): SubgraphSource => ({ name, url: `http://${name}`, sdl: link + sdl, file: `${name}.graphql` });
const { supergraph } = compose([
  source(
    'products',
    `type Query { product: Product @authenticated stock: Int @requiresScopes(scopes: [["inventory:read"]]) many: Many }
     type Product @key(fields: "id") { id: ID! title: String }
     type Many { a: Int b: Int c: Int d: Int e: Int f: Int g: Int h: Int averyveryverylongfieldnamethatnobodywouldread: Int }`,
  ),
  source('reviews', 'type Product @key(fields: "id") { id: ID! stars: Int author: User } type User @key(fields: "id") { id: ID! }'),
  source('accounts', 'type User @key(fields: "id") { id: ID! name: String } type Query { me: User }'),
]);
const roles = { CLERK: ['inventory:read'], CHEF: ['inventory:read', 'catalog:write'], GUEST: [] };
const explained = (text: string, more = {}) => explain(supergraph ?? '', { text, file: 'page.graphql', ...more });
const picture = (text: string) => {
  const explanation = explained(text);
  return planPicture(explanation.plan, explanation);
};

/** The boxes of a picture: left edge, top edge and the first line of text. */
function boxes(svg: string): [x: number, y: number, label: string][] {
  const found = [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)"[^>]*fill="#[^>]*>\n<text[^>]*>([^<]*)</g)];
  return found.map(([, x, y, label]) => [Number(x), Number(y), String(label)]);
}

test('calls that wait stand to the right, calls at the same time one above the other', () => {
  const [products, ...others] = boxes(picture('query Page { product { title stars author { name } } me { name } }'));
  const reviews = others.find(([, , label]) => label === 'reviews') ?? [0, 0, ''];
  const names = others.filter(([, , label]) => label === 'accounts');
  expect([products?.[2], names.length]).toEqual(['products', 2]);
  expect(reviews[0]).toBeGreaterThan(products?.[0] ?? Number.POSITIVE_INFINITY);
  expect(names.some(([x, y]) => x === products?.[0] && y !== products[1])).toBe(true);
  expect(names.some(([x]) => x > reviews[0])).toBe(true);
});

test('conditions and deferred parts are framed', () => {
  expect(picture('query Page($more: Boolean!) { product { title stars @include(if: $more) } }')).toContain('>if $more<');
  expect(picture('query Page { product { title ... @defer(label: "slow") { stars } } }')).toContain('>later: slow<');
});

test('what the gateway answers itself is said', () => {
  expect(picture('{ __typename }')).toContain('answered by the gateway itself');
});

test('long requests are cut, and whole in what hovering shows', () => {
  const svg = picture('{ many { a b c d e f g h averyveryverylongfieldnamethatnobodywouldread } }');
  expect(svg).toMatch(/>many \{ a b c d e f g h averyvery\S*…</);
  expect(svg).toMatch(/<title>[^<]*averyveryverylongfieldnamethatnobodywouldread/);
});

test('names of operations cannot leave their place', () => {
  const { plan } = explained('{ me { name } }');
  expect(planPicture(plan, { name: '<script>alert(1)</script>', cost: 1, fetches: 1, depth: 1 })).not.toContain('<script>');
});

test('who gets all of an operation: signed in, scopes, and the roles that have them', () => {
  const { needs } = explained('{ product { title } stock }', { roles });
  expect(needs).toEqual([
    { field: 'Query.product', what: 'signed in', roles: undefined },
    { field: 'Query.stock', what: 'inventory:read', roles: ['CLERK', 'CHEF'] },
  ]);
  expect(explanationText(explained('{ stock }', { roles: { GUEST: [] } }))).toContain(
    'needs     inventory:read (no role gives it), for Query.stock',
  );
});

test('an operation is chosen by name; what cannot be explained is told with its line', () => {
  const text = 'query A { me { id } }\nquery B { product { title stars } }';
  expect(explained(text, { operationName: 'B' })).toMatchObject({ name: 'B', fetches: 2, depth: 2 });
  expect(() => explained(text)).toThrow('page.graphql has no such operation, or several: give --operation NAME.');
  expect(() => explained('query {\n  me {')).toThrow('page.graphql:2: Syntax Error');
  expect(() => explained('\n{ nothing }')).toThrow('page.graphql:2: Cannot query field "nothing"');
});

test('a picture is well-formed', () => {
  const svg = picture('query Page($more: Boolean!) { product { title stars @include(if: $more) } me { name } }');
  const opened = [...svg.matchAll(/<([a-z]+)[\s>](?![^<]*\/>)/g)].length;
  expect(svg.match(/<\/[a-z]+>/g)?.length).toBe(opened);
});
