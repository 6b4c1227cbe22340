import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

/** Subgraph SDLs by subgraph name. */
export type Subgraphs = Readonly<Record<string, string>>;

const FEDERATION = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@provides", "@inaccessible", "@interfaceObject", "@override", "@context", "@fromContext"])\n`;

/** Composes subgraphs written for a test; a mistake in them fails the test with composition's own words. */
export function composeForTest(subgraphs: Subgraphs): string {
  const services = Object.entries(subgraphs).map(([name, sdl]) => ({
    name,
    url: `http://${name}.test`,
    typeDefs: parse(FEDERATION + sdl),
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new Error(errors?.map((error) => error.message).join('\n'));
  return supergraphSdl;
}

/** The SDL of one subgraph with the federation link that {@link composeForTest} adds. */
export function subgraphSdl(sdl: string): string {
  return FEDERATION + sdl;
}

/** A shop: keys by two fields, `@requires` in a chain and of one field with different arguments, `@provides`, an interface, a union, lists of lists, enums with hidden values. */
export const shop: Subgraphs = {
  accounts: `
    type Query { me: User user(id: ID!): User users(first: Int = 3): [User!]! }
    type Mutation { rename(id: ID!, name: String!): User touch(id: ID!): User! }
    type User @key(fields: "id") { id: ID! name: String! @shareable email: String role: Role! friends: [User] address: Address @shareable }
    type Address @shareable { street: String! zip: Int! }
    enum Role { ADMIN CUSTOMER SECRET @inaccessible }
  `,
  products: `
    type Query { topProducts(first: Int = 3): [Product] product(upc: ID!): Product search(text: String): [SearchResult!] matrix: [[Product!]] }
    type Product implements Named @key(fields: "upc") @key(fields: "sku") { upc: ID! sku: ID! name: String price: Int! weight: Float dimensions: Dimensions tags: [[String!]!] amount(depot: String = "v0"): Int }
    type Dimensions @shareable { width: Int! height: Int unit: Unit }
    enum Unit { CM INCH }
    type Brand implements Named @key(fields: "id") { id: ID! name: String products: [Product!] }
    interface Named { name: String }
    union SearchResult = Product | Brand
  `,
  inventory: `
    type Product @key(fields: "upc") {
      upc: ID!
      price: Int! @external
      weight: Float @external
      dimensions: Dimensions @external
      amount(depot: String = "v0"): Int @external
      inStock: Boolean!
      reserve: Int @requires(fields: "amount(depot: \\"v1\\") price")
      surplus(factor: Int): Int @requires(fields: "amount(depot: \\"v2\\")")
      shipping: Int @requires(fields: "price weight")
      parcel: String! @requires(fields: "dimensions { width height }")
    }
    type Dimensions @shareable { width: Int! height: Int unit: Unit }
    enum Unit { CM INCH }
  `,
  reviews: `
    type Query { reviews: [Review!] }
    type Mutation { review(upc: ID!, stars: Int!): Review }
    type Review @key(fields: "id") { id: ID! stars: Int! body: String author: User @provides(fields: "name") product: Product! subject: Subject replies: [[Review]] }
    type User @key(fields: "id") { id: ID! name: String! @external reviews: [Review] }
    type Product @key(fields: "upc") { upc: ID! reviews(first: Int = 2): [Review!] score: Float @requires(fields: "shipping") shipping: Int @external }
    type Brand @key(fields: "id") { id: ID! rating: Int }
    union Subject = Product | Brand | User
  `,
};

/** Media: an interface that is an entity, implemented in one subgraph and an interface object in two others. */
export const media: Subgraphs = {
  catalog: `
    type Query { media: [Media] book(id: ID!): Book anything: Anything }
    interface Media @key(fields: "id") { id: ID! title: String! creator: Person }
    type Book implements Media @key(fields: "id") { id: ID! title: String! creator: Person pages: Int sequel: Book }
    type Film implements Media @key(fields: "id") { id: ID! title: String! creator: Person minutes: Int! cast: [Person!]! }
    type Hidden implements Media @key(fields: "id") @inaccessible { id: ID! title: String! creator: Person }
    type Person @key(fields: "id") { id: ID! name: String favourite: Media }
    union Anything = Book | Film | Person
  `,
  ratings: `
    type Query { best: [Media!] worst: Media }
    type Media @interfaceObject @key(fields: "id") { id: ID! stars: Int! votes: [Vote] summary: String @requires(fields: "title") title: String! @external }
    type Vote { by: Person! stars: Int }
    type Person @key(fields: "id") { id: ID! votes: [Vote!] }
  `,
  loans: `
    type Media @interfaceObject @key(fields: "id") { id: ID! isLent: Boolean borrower: Person }
    type Person @key(fields: "id") { id: ID! loans: [Media!] }
  `,
};
