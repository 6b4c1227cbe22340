import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { freePort, listSubgraphs, scratchDir } from '@app/platform';
import { CartCreateDocument, CartPageDocument, OrderHistoryDocument } from '@clients/storefront/documents';
import { describe, expect, it } from 'vitest';
import { changeCart, purchasableVariants } from '../support/shopping.ts';
import { ask, signedIn, visitor } from '../support/storefront.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const launcher = fileURLToPath(new URL('../../packages/platform/bin/start.mjs', import.meta.url));

/** The command line itself: start --detach, stop, start again. */
describe('stopping and starting again', () => {
  it('keeps accounts, carts and orders, seeds nothing twice, and leaves nothing running', async () => {
    await using scratch = await scratchDir('restart');
    const env = await ownSurroundings(scratch.path);
    const url = `http://localhost:${env['GATEWAY_PORT']}/graphql`;
    try {
      expect(await launch(['start', '--detach'], env)).toMatchObject({ code: 0 });
      const shopper = visitor(url);
      const [variantId = ''] = await purchasableVariants(shopper, 1);
      const cart = await changeCart(shopper, CartCreateDocument, { currency: 'EUR', lines: [{ variantId, quantity: 2 }] });
      const before = await history(url);
      expect(await launch(['stop'], env)).toMatchObject({ code: 0 });
      await expect(fetch(url)).rejects.toThrow();

      const again = await launch(['start', '--detach'], env);
      expect(again).toMatchObject({ code: 0 });
      expect(again.output).not.toMatch(/demo data/);
      expect(await history(url)).toEqual(before);
      const page = await ask(shopper, CartPageDocument, { id: cart.id });
      expect(page.cart?.itemCount).toBe(2);
    } finally {
      await launch(['stop'], env);
    }
  });
});

async function history(url: string): Promise<unknown> {
  return ask(await signedIn(url, 'customer@example.com'), OrderHistoryDocument, { first: 20 });
}

/** Ports and a data folder of its own, so that it disturbs nothing that runs on this machine. */
async function ownSurroundings(dataDir: string): Promise<NodeJS.ProcessEnv> {
  const names = [
    'GATEWAY_PORT',
    'GATEWAY_METRICS_PORT',
    'POSTGRES_PORT',
    'REDIS_PORT',
    'MAILBOX_PORT',
    'MAILBOX_SMTP_PORT',
    'JOBS_PORT',
    'NATS_PORT',
    ...listSubgraphs(root).flatMap(({ name }) => [`${name.toUpperCase()}_PORT`, `${name.toUpperCase()}_RPC_PORT`]),
  ];
  const ports = new Set<number>();
  while (ports.size < names.length) ports.add(await freePort());
  const chosen = [...ports];
  return { ...process.env, DATA_DIR: dataDir, ...Object.fromEntries(names.map((name, index) => [name, String(chosen[index])])) };
}

async function launch(args: readonly string[], env: NodeJS.ProcessEnv): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [launcher, ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { code, output };
}
