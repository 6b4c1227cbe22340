import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { UsageError } from './graph.ts';
import type { RegisteredOperation } from './operations.ts';
import type { PublishNote, RegistryStore } from './registry-store.ts';

/** An empty store of its own for one test. */
export interface OpenedStore extends AsyncDisposable {
  readonly store: RegistryStore;
}

const note: PublishNote = { by: 'ann', message: 'why', now: new Date('2026-11-20T00:00:00Z') };
const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])\n';
const source = (name: string, sdl: string) => ({ name, url: `http://${name}`, sdl: link + sdl, file: `${name}.graphql` });
const products = source('products', 'type Query { product: Product } type Product @key(fields: "id") { id: ID! title: String }');
const reviews = source('reviews', 'type Product @key(fields: "id") { id: ID! stars: Int }');
const broken = source('broken', 'type Query { a: Nope }');
const operation = (name: string, document: string): RegisteredOperation => ({
  name,
  document,
  hash: createHash('sha256').update(document).digest('hex'),
  clients: ['web@1'],
  lastSeen: null,
});
const page = operation('Page', 'query Page { product { title } }');
const stars = operation('Stars', 'query Stars { product { stars } }');

/** What every registry store does, whatever it is kept in. */
export function registryStoreContract(name: string, open: () => Promise<OpenedStore>): void {
  const contract = (what: string, body: (store: RegistryStore) => Promise<void>) =>
    test(`${name}: ${what}`, async () => {
      await using opened = await open();
      await body(opened.store);
    });

  contract('an empty store says so', async (store) => {
    expect(await store.history()).toEqual([]);
    await expect(store.version()).rejects.toThrow(UsageError);
    await expect(store.version(3)).rejects.toThrow('There is no version 3');
    expect(await store.operations()).toEqual([]);
  });

  contract('a subgraph is published on top of those that are there', async (store) => {
    await store.publish([products], note);
    const { version, isNew } = await store.publish([reviews], { ...note, message: 'stars' });
    expect(isNew).toBe(true);
    expect(version).toMatchObject({ number: 2, by: expect.stringContaining('ann'), message: 'stars' });
    const newest = await store.version();
    expect(newest).toEqual(version);
    expect((await store.subgraphs(newest)).map((subgraph) => [subgraph.name, subgraph.url, subgraph.sdl])).toEqual(
      [products, reviews].map((subgraph) => [subgraph.name, subgraph.url, subgraph.sdl]),
    );
    expect(await store.supergraph(newest)).toContain('stars: Int');
    expect(await store.supergraph(await store.version(1))).not.toContain('stars: Int');
    expect((await store.history()).map(({ number }) => number)).toEqual([1, 2]);
    expect((await store.history(1)).map(({ number }) => number)).toEqual([2]);
  });

  contract('what does not compose is refused with the reason, and nothing of it is stored', async (store) => {
    await store.publish([products], note);
    const refused = await store.publish([reviews, broken], note);
    expect(refused).toMatchObject({ version: null, isNew: false });
    expect(refused.findings).toMatchObject([{ severity: 'error', message: expect.stringContaining('Nope') }]);
    expect(await store.history()).toHaveLength(1);
    expect(Object.keys((await store.version()).subgraphs)).toEqual(['products']);
  });

  contract('the same schemas published twice are one version', async (store) => {
    await store.publish([products], note);
    expect(await store.publish([products], note)).toMatchObject({ isNew: false, version: { number: 1 } });
  });

  contract('a subgraph that is published without an address keeps the one it has', async (store) => {
    await store.publish([products, reviews], note);
    const changed = { ...reviews, url: '', sdl: reviews.sdl.replace('stars: Int', 'stars: Float') };
    const { version } = await store.publish([changed], note);
    expect(version?.subgraphs['reviews']).toMatchObject({ url: 'http://reviews' });
    expect(await store.supergraph(await store.version())).toContain('url: "http://reviews"');
    expect(await store.publish([{ ...changed, url: 'http://elsewhere' }], note)).toMatchObject({ isNew: true });
  });

  contract('of publishes at once none is lost that was not refused', async (store) => {
    await store.publish([products], note);
    const names = ['a', 'b', 'c', 'd'];
    const outcomes = await Promise.allSettled(
      names.map((subgraph) => store.publish([source(subgraph, `type Query { ${subgraph}: Int }`)], note)),
    );
    const kept = names.filter((_, index) => outcomes[index]?.status === 'fulfilled');
    expect(kept).not.toEqual([]);
    expect(Object.keys((await store.version()).subgraphs).sort()).toEqual([...kept, 'products']);
    const supergraph = await store.supergraph(await store.version());
    for (const subgraph of kept) expect(supergraph).toContain(`${subgraph}: Int`);
    expect((await store.history()).map(({ number }) => number)).toEqual([1, ...kept.map((_, index) => index + 2)]);
  });

  contract('an old version is published again as a new one', async (store) => {
    await store.publish([products], note);
    await store.publish([reviews], note);
    const back = await store.rollback(1, { ...note, message: 'back' });
    expect(back).toMatchObject({ number: 3, message: 'back' });
    expect(await store.supergraph(back)).toBe(await store.supergraph(await store.version(1)));
    await expect(store.rollback(9, note)).rejects.toThrow('There is no version 9');
  });

  contract('operations are kept by document and name, with the clients of all who push them', async (store) => {
    expect(await store.pushOperations([page])).toBe(1);
    expect(await store.pushOperations([{ ...page, clients: ['ios@2'] }])).toBe(0);
    expect(await store.operations()).toMatchObject([{ ...page, clients: ['ios@2', 'web@1'] }]);
    expect(await store.operations({ excludedClients: ['ios'] })).toMatchObject([{ clients: ['web@1'] }]);
    expect(await store.operations({ excludedClients: ['ios@2', 'web@1'] })).toEqual([]);
    expect(await store.operations({ days: 1, minRequests: 5 })).toHaveLength(1);
  });

  contract('an operation whose hash is not that of its document is refused', async (store) => {
    await expect(store.pushOperations([stars, { ...page, hash: stars.hash }])).rejects.toThrow(/Page.*hash/);
    expect(await store.operations()).toEqual([]);
  });

  contract('a check judges a change by the newest version and the operations that count', async (store) => {
    const request = { changed: [products], approvals: [], today: note.now };
    expect((await store.check(request)).filter(({ severity }) => severity === 'error')).toEqual([]);
    await store.publish([products, reviews], note);
    await store.pushOperations([page, stars]);
    const changed = [{ ...products, sdl: products.sdl.replace('title: String', 'name: String') }];
    const removal = async (excludedClients: string[]) =>
      (await store.check({ ...request, changed, usage: { excludedClients } })).find(({ code }) => code === 'FIELD_REMOVED');
    expect(await removal([])).toMatchObject({ severity: 'error', operations: [{ name: 'Page', clients: ['web@1'] }] });
    expect(await removal(['web'])).toMatchObject({ severity: 'warning' });
    const approval = { code: 'FIELD_REMOVED', coordinate: 'Product.title', reason: 'gone', expires: '2027-01-01' };
    expect((await store.check({ ...request, changed, approvals: [approval] })).find(({ code }) => code === 'FIELD_REMOVED')).toMatchObject({
      severity: 'warning',
      approvedBecause: 'gone',
    });
  });
}
