import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

/** The four subgraphs of the public federation benchmark: users, what they wrote, what they wrote about, what is in stock. */
export const subgraphs = {
  accounts: `
    type Query { me: User user(id: ID!): User users: [User] }
    type User @key(fields: "id") { id: ID! name: String username: String @shareable birthday: Int }
  `,
  products: `
    type Query { topProducts(first: Int = 5): [Product] }
    type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int }
  `,
  inventory: `
    type Product @key(fields: "upc") { upc: String! weight: Int @external price: Int @external inStock: Boolean shippingEstimate: Int @requires(fields: "price weight") }
  `,
  reviews: `
    type Query { _reviews: Int }
    type Review @key(fields: "id") { id: ID! body: String author: User @provides(fields: "username") product: Product }
    type User @key(fields: "id") { id: ID! username: String @external reviews: [Review] }
    type Product @key(fields: "upc") { upc: String! reviews: [Review] }
  `,
};

export type SubgraphName = keyof typeof subgraphs;

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires", "@provides", "@shareable"])\n';

/** SDL of one subgraph, complete. */
export function sdlOf(name: SubgraphName): string {
  return LINK + subgraphs[name];
}

/** Composes the supergraph for subgraphs that listen on consecutive ports, in the order above; `edit` changes their SDL before. */
export function composeSupergraph(firstPort: number, edit: (sdl: string) => string = (sdl) => sdl): string {
  const names = Object.keys(subgraphs) as SubgraphName[];
  const services = names.map((name, index) => ({
    name,
    url: `http://127.0.0.1:${firstPort + index}/graphql`,
    typeDefs: parse(edit(sdlOf(name))),
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new Error(errors?.map((error) => error.message).join('\n'));
  return supergraphSdl;
}
