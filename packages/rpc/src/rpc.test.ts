import { userPrincipal } from '@app/auth';
import { AppError } from '@app/errors';
import { Code, ConnectError, createClient, createContextValues } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  CatalogService,
  callerKey,
  connectRpc,
  fromRpcError,
  InventoryService,
  principalKey,
  type RpcConnection,
  type RpcServer,
  startRpcServer,
} from './index.ts';

const key = 'k'.repeat(32);
const callers: string[] = [];
const faults: unknown[] = [];
let server: RpcServer;
let connection: RpcConnection;

const connect = (change: Partial<Parameters<typeof connectRpc>[0]> = {}) =>
  connectRpc({ audience: 'products', url: `http://localhost:${server.port}`, key, caller: 'orders', ...change });

beforeAll(async () => {
  server = await startRpcServer(
    {
      name: 'products',
      key,
      onError: (error) => faults.push(error),
      routes: (router) => {
        router.service(InventoryService, {
          reserve: ({ orderId, lines }, { values }) => {
            const { issuer, principal } = values.get(callerKey);
            callers.push(`${issuer} ${principal.kind === 'anonymous' ? '' : principal.id}`);
            if (orderId === 'bad') throw new AppError('BAD_USER_INPUT', 'orderId must be an order id');
            if (orderId === 'broken') throw new Error('password=hunter2');
            return { reserved: lines.length === 1, shortages: [] };
          },
          release: async (_request, { signal }) => {
            await new Promise((resolve) => signal.addEventListener('abort', resolve));
            return { released: true };
          },
        });
        router.service(CatalogService, { getVariants: ({ ids }) => ({ variants: ids.map((id) => ({ id, priceMinor: 1290n })) }) });
      },
    },
    0,
  );
  connection = connect();
});
afterAll(async () => {
  connection.close();
  await Promise.all([server.close(), server.close()]);
});

test('a signed call is answered, and the handler knows who calls', async () => {
  const inventory = connection.client(InventoryService);
  expect(await inventory.reserve({ orderId: 'ord_1', lines: [{ variantId: 'var_1', quantity: 2 }], ttlSeconds: 60 })).toMatchObject({
    reserved: true,
  });
  const contextValues = createContextValues().set(principalKey, userPrincipal('usr_1', 'ses_1', []));
  await inventory.reserve({ orderId: 'ord_1' }, { contextValues });
  expect(callers.slice(-2)).toEqual(['orders orders', 'orders usr_1']);
  const { variants } = await connection.client(CatalogService).getVariants({ ids: ['var_1'], currency: 'EUR' });
  expect(variants[0]).toMatchObject({ id: 'var_1', priceMinor: 1290n });
});

test('a call that is unsigned, signed with another key or for another service is refused', async () => {
  const unsigned = createClient(InventoryService, createGrpcTransport({ baseUrl: `http://localhost:${server.port}` }));
  const strangers = [connect({ key: 'j'.repeat(32) }), connect({ audience: 'orders' })];
  for (const client of [unsigned, ...strangers.map((stranger) => stranger.client(InventoryService))]) {
    await expect(client.reserve({ orderId: 'ord_1' })).rejects.toMatchObject({ code: Code.Unauthenticated });
  }
  for (const stranger of strangers) stranger.close();
});

test("the caller's mistakes are told, faults are masked and reported", async () => {
  const inventory = connection.client(InventoryService);
  await expect(inventory.reserve({ orderId: 'bad' })).rejects.toMatchObject({
    code: Code.InvalidArgument,
    rawMessage: 'orderId must be an order id',
  });
  await expect(inventory.reserve({ orderId: 'broken' })).rejects.toMatchObject({ code: Code.Internal, rawMessage: 'internal error' });
  expect(String(faults.at(-1))).toContain('hunter2');
});

test('every call has a deadline', async () => {
  const hasty = connect({ timeoutMs: 50 });
  const error = await hasty
    .client(InventoryService)
    .release({ orderId: 'ord_1' })
    .catch((caught: unknown) => caught);
  expect(fromRpcError(error).code).toBe('TIMEOUT');
  hasty.close();
});

test('a service that is not there is unavailable, and other failures are internal', async () => {
  const nobody = connect({ url: 'http://localhost:1' });
  const error = await nobody
    .client(InventoryService)
    .release({ orderId: 'ord_1' })
    .catch((caught: unknown) => caught);
  expect(fromRpcError(error)).toMatchObject({ code: 'DOWNSTREAM_UNAVAILABLE', cause: error });
  expect(fromRpcError(new ConnectError('x', Code.Internal)).code).toBe('INTERNAL');
  nobody.close();
});

test('a taken port is an error', async () => {
  await expect(startRpcServer({ name: 'x', key, routes: () => undefined }, server.port)).rejects.toThrow('EADDRINUSE');
});
