import Fastify from 'fastify';
import mercuriusGateway from '@mercuriusjs/gateway';

/** Mercurius as its documentation sets up a gateway; it speaks Federation 1, so the subgraphs' schemas are given in that form. */
const [port, firstPort, jit] = process.argv.slice(2).map(Number);
const schemas = {
  accounts: `
    extend type Query { me: User user(id: ID!): User users: [User] }
    type User @key(fields: "id") { id: ID! name: String username: String birthday: Int }`,
  products: `
    extend type Query { topProducts(first: Int = 5): [Product] }
    type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int }`,
  inventory: `
    extend type Product @key(fields: "upc") { upc: String! @external weight: Int @external price: Int @external inStock: Boolean shippingEstimate: Int @requires(fields: "price weight") }`,
  reviews: `
    type Review @key(fields: "id") { id: ID! body: String author: User @provides(fields: "username") product: Product }
    extend type User @key(fields: "id") { id: ID! @external username: String @external reviews: [Review] }
    extend type Product @key(fields: "upc") { upc: String! @external reviews: [Review] }`,
};

const app = Fastify();
app.register(mercuriusGateway, {
  jit,
  gateway: {
    services: Object.entries(schemas).map(([name, schema], index) => ({ name, schema, url: `http://127.0.0.1:${firstPort + index}/graphql` })),
  },
});
await app.listen({ port, host: '127.0.0.1' });
process.on('SIGINT', () => process.exit(0));
