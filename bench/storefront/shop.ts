import { readFileSync } from 'node:fs';
import type { Client, Operation } from '../load.ts';

const folder = new URL('../../clients/operations/', import.meta.url);
const texts = new Map<string, string>();

/** A document of clients/operations with variables, as somebody sends it. */
export function operation(document: string, variables: Operation['variables'] = {}, token?: string): Operation {
  const query = texts.get(document) ?? readFileSync(new URL(`${document}.graphql`, folder), 'utf8');
  texts.set(document, query);
  return { query, variables, ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }) };
}

/** Sends an operation and reads its data. */
export async function ask<Data>(client: Client, sent: Operation): Promise<Data> {
  return (JSON.parse(await client.post(sent)) as { data: Data }).data;
}

export interface Product {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
}

/** Somebody who is signed in and has a cart with one line. */
export interface Shopper {
  readonly token: string;
  readonly cartId: string;
  readonly lineId: string;
}

/** What operations are about. */
export interface Shop {
  readonly products: readonly Product[];
  readonly categories: readonly { readonly id: string; readonly slug: string }[];
  readonly shoppers: readonly Shopper[];
  /** Somebody else, of whom nobody but the watcher of freshness changes anything. */
  readonly witness: Shopper;
  readonly catalogManager: string;
}

/** Looks around in the running shop and signs people in; the last of them is the witness. */
export async function enter(
  client: Client,
  logins: { emails: readonly string[]; catalogManager: string; password: string },
): Promise<Shop> {
  const { categories } = await ask<{ categories: { children: { id: string; slug: string }[] }[] }>(client, operation('category-menu'));
  const products = await catalogue(client, 300);
  const signIn = async (email: string): Promise<string> => {
    const sent = operation('session-create', { email, password: logins.password });
    return (await ask<{ sessionCreate: { accessToken: string } }>(client, sent)).sessionCreate.accessToken;
  };
  // One after the other: checking a password takes a core for a while, and nobody may wait for the others' too.
  const shoppers: Shopper[] = [];
  for (const email of logins.emails) shoppers.push(await withCart(client, await signIn(email), await purchasable(client)));
  const witness = shoppers.pop();
  if (witness === undefined) throw new Error('Nobody is signed in.');
  return {
    products,
    categories: categories.flatMap(({ children }) => children),
    shoppers,
    witness,
    catalogManager: await signIn(logins.catalogManager),
  };
}

async function catalogue(client: Client, count: number): Promise<Product[]> {
  const query = `query Catalogue($after: String) { products(first: 50, after: $after) { nodes { id slug title } pageInfo { endCursor } } }`;
  const found: Product[] = [];
  for (let after: string | null = null; found.length < count; ) {
    const { products }: { products: { nodes: Product[]; pageInfo: { endCursor: string | null } } } = await ask(client, {
      query,
      variables: { after },
    });
    found.push(...products.nodes);
    after = products.pageInfo.endCursor;
    if (after === null) break;
  }
  return found;
}

async function purchasable(client: Client): Promise<string> {
  const query = `query InStock { products(first: 40, filter: { inStock: true }) { nodes { variants(first: 5) { nodes { id availability { maxOrderQuantity } } } } } }`;
  interface Data {
    products: { nodes: { variants: { nodes: { id: string; availability: { maxOrderQuantity: number } }[] } }[] };
  }
  const { products } = await ask<Data>(client, { query });
  const variant = products.nodes.flatMap(({ variants }) => variants.nodes).find(({ availability }) => availability.maxOrderQuantity >= 5);
  if (variant === undefined) throw new Error('No product can be bought five at a time: is the shop seeded?');
  return variant.id;
}

async function withCart(client: Client, token: string, variantId: string): Promise<Shopper> {
  const sent = operation('cart-create', { currency: 'EUR', lines: [{ variantId, quantity: 1 }] }, token);
  const { cartCreate } = await ask<{ cartCreate: { cart: { id: string; lines: { id: string }[] } } }>(client, sent);
  return { token, cartId: cartCreate.cart.id, lineId: cartCreate.cart.lines[0]?.id ?? '' };
}
