import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../load.ts';
import { ask, operation, type Shop } from './shop.ts';

/** How up to date answers were while others read and wrote. */
export interface Freshness {
  /** Changes of one's own that the next answer did not show. */
  staleForWriter: number;
  /** How long after the writer's answer somebody else sent the first request that showed the change, in milliseconds; one for each change. */
  readonly seenAfterMs: number[];
  changes: number;
}

const update = `mutation Rename($id: ID!, $input: ProductInput!) { productUpdate(id: $id, input: $input) { product { title } userErrors { code } } }`;
const pollMs = 5;
const giveUpMs = 30_000;
/** At most so often, whatever is measured: these writes are not part of the mix. */
const everyMs = 1_000;

/** Changes titles of the most wanted products and one person's name, and reads them back: as the writer once, as a visitor until it shows. */
export async function watchFreshness(client: Client, shop: Shop, until: () => boolean): Promise<Freshness> {
  const result: Freshness = { staleForWriter: 0, seenAfterMs: [], changes: 0 };
  const manager = { authorization: `Bearer ${shop.catalogManager}` };
  const { token } = shop.witness;
  for (let n = 0; !until(); n++) {
    const next = sleep(everyMs);
    const product = shop.products[n % 3];
    if (product === undefined) throw new Error('The shop is empty.');
    const page = operation('product-page', { slug: product.slug, currency: 'EUR', countryCode: 'DE' });
    const title = `${product.title} ${n}`;
    const titleFor = async (headers: Record<string, string>) =>
      (await ask<{ product: { title: string } }>(client, { ...page, headers })).product.title;
    await client.post({ query: update, variables: { id: product.id, input: { title } }, headers: manager });
    const [own, seenAfterMs] = await Promise.all([titleFor(manager), firstAskedWhen(async () => (await titleFor({})) === title)]);
    if (own !== title) result.staleForWriter++;
    result.seenAfterMs.push(seenAfterMs);

    const givenName = `Robin the ${n}th`;
    await client.post(operation('profile-update', { input: { givenName } }, token));
    const { me } = await ask<{ me: { givenName: string } }>(client, operation('account-settings', {}, token));
    if (me.givenName !== givenName) result.staleForWriter++;
    result.changes += 2;
    await next;
  }
  return result;
}

/** When the first of some requests was sent whose answer is up to date, in milliseconds from now. */
async function firstAskedWhen(isUpToDate: () => Promise<boolean>): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const askedAfterMs = performance.now() - startedAt;
    if ((await isUpToDate()) || askedAfterMs > giveUpMs) return askedAfterMs;
    await sleep(pollMs);
  }
}
