import { setTimeout as delay } from 'node:timers/promises';
import { findListener } from '@app/platform';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import type { SubgraphName } from '../global-setup.ts';
import { documentText } from '../support/documents.ts';
import { eventually } from '../support/eventually.ts';
import { type Answer, codesOf, send, sendOk } from '../support/gateway.ts';
import { signIn } from '../support/sign-in.ts';

interface Data {
  readonly product?: Readonly<Record<string, unknown>> | null;
  readonly me?: { readonly orders?: { readonly nodes: readonly { readonly lines: readonly Line[] }[] } | null } | null;
}

interface Line {
  readonly title: string;
  readonly variant: unknown;
}

const productPage = { query: documentText('product-page'), variables: { slug: 'fjord-dining-chair', currency: 'EUR', countryCode: 'DE' } };
const everything = { query: documentText('everything'), variables: { orders: 3 } };

describe('losing a subgraph', () => {
  const url = inject('gatewayUrl');
  const ports = inject('subgraphPorts');
  let token: string;

  beforeAll(async () => {
    token = await signIn(url, 'customer@example.com');
  });

  it('reviews: the product page keeps everything but what people think', async () => {
    const answers = await killAndAsk('reviews', () => send<Data>(url, productPage));
    for (const { data } of answers.partial) {
      expect(data?.product).toMatchObject({ slug: 'fjord-dining-chair', title: 'Fjord Dining Chair', ratingSummary: null, reviews: null });
    }
  });

  it('orders: the product page keeps everything but the delivery estimates', async () => {
    const answers = await killAndAsk('orders', () => send<Data>(url, productPage));
    for (const { data } of answers.partial) {
      expect(data?.product).toMatchObject({ title: 'Fjord Dining Chair', ratingSummary: { count: expect.any(Number) } });
    }
  });

  it('products: orders keep their lines as they were bought', async () => {
    const answers = await killAndAsk('products', () => send<Data>(url, { ...everything, token }));
    for (const { data } of answers.partial) {
      const lines = data?.me?.orders?.nodes.flatMap((order) => order.lines) ?? [];
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) expect(line.title).toMatch(/\S/);
    }
  });

  it('accounts: the shop stays open to everybody, only one’s own account is away', async () => {
    const answers = await killAndAsk('accounts', () => send<Data>(url, { ...everything, token }));
    for (const { data } of answers.partial) expect(data?.me ?? null).toBeNull();
    expect(answers.publicPages.every(({ data }) => data?.product?.['title'] === 'Fjord Dining Chair')).toBe(true);
  });

  /** Kills the process, asks until it answers fully again, and holds every answer in between to the rules of an honest failure. */
  async function killAndAsk(
    name: SubgraphName,
    ask: () => Promise<Answer<Data>>,
  ): Promise<{ partial: Answer<Data>[]; publicPages: Answer<Data>[] }> {
    await eventually(async () => expect((await ask()).errors).toBeUndefined());
    const pid = await findListener(ports[name]);
    expect(pid, `a process that listens on the port of ${name}`).toBeDefined();
    process.kill(pid ?? 0, 'SIGKILL');
    const partial: Answer<Data>[] = [];
    const publicPages: Answer<Data>[] = [];
    const deadline = Date.now() + 45_000;
    for (;;) {
      const answer = await ask();
      if (partial.length === 0) publicPages.push(await send<Data>(url, productPage));
      if (answer.errors === undefined && partial.length > 0) break;
      if (answer.errors !== undefined) partial.push(answer);
      expect(Date.now(), `${name} must come back`).toBeLessThan(deadline);
      await delay(50);
    }
    for (const answer of partial) expectHonest(answer);
    expect(await findListener(ports[name])).not.toBe(pid);
    return { partial, publicPages };
  }

  function expectHonest(answer: Answer<Data>): void {
    expect(answer.status).toBe(200);
    expect(new Set(codesOf(answer))).toEqual(new Set(['DOWNSTREAM_UNAVAILABLE']));
    expect(JSON.stringify(answer.errors)).not.toMatch(/localhost|127\.0\.0\.1|ECONN|stack|node_modules/);
  }
});

describe('after all of them came back', () => {
  it('one query reaches all four subgraphs again', async () => {
    const url = inject('gatewayUrl');
    const token = await signIn(url, 'customer@example.com');
    const { me } = await eventually(() => sendOk<Data>(url, { ...everything, token }));
    expect(me?.orders?.nodes).toHaveLength(3);
  });
});
