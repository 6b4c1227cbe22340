import { expect, test } from 'vitest';
import { compose, type SubgraphSource, schemaPage } from '../index.ts';

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@override", "@inaccessible", "@authenticated", "@requiresScopes"])\n';
const source = (name: string, sdl: string): SubgraphSource => ({ name, url: `http://${name}`, sdl: link + sdl, file: `${name}.graphql` });
const { supergraph } = compose([
  source(
    'products',
    `type Query {
       """A *product*, see [the guide](https://example.com/guide) <script>alert(1)</script> [x](javascript:alert(1))"""
       product("Its **id**." id: ID!, kind: Kind = BOOK, tags: [String!] = ["a<b"]): Found
       secret: Int @inaccessible
     }
     union Found = Product | Nothing
     type Nothing { why: String }
     "Something for sale."
     type Product implements Node @key(fields: "id") { id: ID! price: Int @authenticated old: Int @deprecated(reason: "Use \`price\`.") moved: Int }
     interface Node { id: ID! }
     enum Kind { "Printed." BOOK FILM @deprecated(reason: "Gone.") }
     input Filter { "At least." min: Int = 1 }
     scalar Money
     type Mutation { change(filter: Filter): Money @requiresScopes(scopes: [["catalog:write"]]) }`,
  ),
  source(
    'stock',
    'type Product @key(fields: "id") { id: ID! price: Int @external left: Int @requires(fields: "price") @authenticated moved: Int @override(from: "products") }',
  ),
]);
const page = schemaPage(supergraph ?? '', 'Shop <1>');
const member = (id: string) => page.slice(page.indexOf(`<li id="${id}"`)).split('\n<li id=')[0] ?? '';

test('every type and field that clients see has a place, and nothing else', () => {
  for (const id of ['Query', 'Mutation', 'Product', 'Found', 'Node', 'Kind', 'Filter', 'Money'])
    expect(page).toContain(`<article id="${id}"`);
  for (const id of ['Query.product', 'Product.left', 'Kind.BOOK', 'Filter.min']) expect(page).toContain(`<li id="${id}"`);
  for (const hidden of ['secret', 'join__', '_entities', '__schema']) expect(page).not.toContain(hidden);
});

test('descriptions are Markdown without HTML and without links that run', () => {
  const text = member('Query.product');
  expect(text).toContain('A <em>product</em>, see <a href="https://example.com/guide">the guide</a>');
  expect(text).toContain('&lt;script&gt;');
  expect(page).not.toMatch(/<script>alert|href="javascript/);
  expect(page).toContain('<title>Shop &lt;1&gt;</title>');
});

test('fields show arguments with defaults, and link their types', () => {
  expect(member('Query.product')).toContain(
    '<code>product(id: ID!, kind: <a href="#Kind">Kind</a> = BOOK, tags: [String!] = [&quot;a&lt;b&quot;]): <a href="#Found">Found</a></code>',
  );
  expect(member('Query.product')).toContain('<dt><code>id</code></dt><dd><div class="description"><p>Its <strong>id</strong>.</p>');
});

test('deprecations, needs and subgraphs are told', () => {
  expect(member('Product.old')).toMatch(/<s><code>old: Int<\/code><\/s>.*<b>Deprecated\.<\/b>.*<code>price<\/code>/s);
  expect(member('Kind.FILM')).toContain('Deprecated.');
  expect(member('Product.price')).toContain('needs <b>signed in</b> · from <b>products</b>');
  expect(member('Product.left')).toContain('from <b>stock</b>');
  expect(member('Product.moved')).toContain('from <b>stock</b>');
  expect(member('Mutation.change')).toContain('needs <b>catalog:write</b>');
  expect(page).toMatch(/<article id="Product".*?keys <b>id<\/b> · subgraphs <b>products<\/b>, <b>stock<\/b>/s);
});

test('the page needs nothing from elsewhere', () => {
  expect(page).not.toMatch(/<(script|img|link)[^>]+(src|href)=|@import|url\(/);
});
