import type { SubgraphSource } from './test-subgraph.ts';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@shareable", "@authenticated", "@requiresScopes", "@policy", "@cost", "@listSize", "@requires", "@external"])`;

/** Two tiny subgraphs with an entity between them, for tests about HTTP, limits and telemetry. */
export const shop: Readonly<Record<string, SubgraphSource>> = {
  catalog: {
    sdl: `${LINK}
      type Query { product(id: ID!): Product  products(first: Int = 10): [Product!]! @listSize(slicingArguments: ["first"])  boom: String }
      type Mutation { rename(id: ID!, name: String!): Product }
      type Product @key(fields: "id") { id: ID!  name: String! }`,
    resolvers: {
      Query: {
        product: (_: unknown, { id }: { id: string }) => ({ id, name: `Product ${id}` }),
        products: (_: unknown, { first }: { first: number }) =>
          Array.from({ length: first }, (_item, index) => ({ id: String(index), name: `Product ${index}` })),
        boom: () => {
          throw new Error('password=hunter2 at db.internal:5432');
        },
      },
      Mutation: { rename: (_: unknown, product: unknown) => product },
      Product: { __resolveReference: ({ id }: { id: string }) => ({ id, name: `Product ${id}` }) },
    },
  },
  reviews: {
    sdl: `${LINK}
      type Product @key(fields: "id") { id: ID!  reviews: [Review!] }
      type Review { stars: Int! }`,
    resolvers: { Product: { __resolveReference: (reference: unknown) => reference, reviews: () => [{ stars: 5 }] } },
  },
};
