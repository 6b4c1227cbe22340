/** Prefixes of the ids of everything that `Query.node` finds, with the type that the id belongs to. */
const kinds = {
  usr: 'User',
  adr: 'Address',
  dex: 'DataExport',
  prd: 'Product',
  var: 'ProductVariant',
  cat: 'Category',
  col: 'Collection',
  rev: 'Review',
  qst: 'Question',
  ans: 'Answer',
  crt: 'Cart',
  ord: 'Order',
} as const;

/** Types that `Query.node` finds. */
export type NodeKind = (typeof kinds)[keyof typeof kinds];

/** The type that an id belongs to; undefined when it has not the form of an id. Whether the thing exists, its subgraph knows. */
export function nodeKindOf(id: string): NodeKind | undefined {
  const match = /^([a-z]{3})_[0-9a-f]{32}$/.exec(id);
  return match?.[1] !== undefined && Object.hasOwn(kinds, match[1]) ? kinds[match[1] as keyof typeof kinds] : undefined;
}
