import type { Operation } from '../load.ts';

const product = ['upc', 'name', 'price', 'weight', 'inStock', 'shippingEstimate'];
const user = ['id', 'name', 'username', 'birthday'];

/** The n-th of 150,000 operations of which no two select the same, each planned over several subgraphs. */
export function newOperation(n: number): Operation {
  const [products, users, rest] = [1 + (n % 63), 1 + (Math.floor(n / 63) % 15), Math.floor(n / (63 * 15))];
  // What subsets of fields do not tell apart, aliases do.
  const review = `id r${rest}: body`;
  const text = `{ topProducts(first: 2) { ${chosen(product, products)} reviews { ${review} author { ${chosen(user, users)} reviews { ${review} } } } } }`;
  return { query: text };
}

/** Fields by the bits of a number. */
function chosen(fields: readonly string[], bits: number): string {
  return fields.filter((_, index) => (bits >> index) % 2 === 1).join(' ');
}
