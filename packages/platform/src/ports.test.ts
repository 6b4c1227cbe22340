import { once } from 'node:events';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { assertPortFree, findListener, freePort } from './ports.ts';

test('a free port can be used, and a used one is named with its process and the variable that changes it', async () => {
  const port = await freePort();
  await assertPortFree(port, 'Postgres', 'POSTGRES_PORT');
  expect(await findListener(port)).toBeUndefined();

  const server = createServer().listen(port);
  await once(server, 'listening');
  expect(await findListener(port)).toBe(process.pid);
  await expect(assertPortFree(port, 'Postgres', 'POSTGRES_PORT')).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    message: expect.stringMatching(new RegExp(`^Port ${port}, needed by Postgres, is taken by process ${process.pid} \\(.+\\)\\.$`)),
    remedy: 'Stop that process, or choose another port with POSTGRES_PORT.',
  });
  server.close();
});

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === '::1'));

test.runIf(hasIpv6)('a port is taken by who listens to IPv6 alone, as development servers do that say localhost', async () => {
  const port = await freePort();
  const server = createServer().listen(port, '::1');
  await once(server, 'listening');
  await expect(assertPortFree(port, 'the gateway', 'GATEWAY_PORT')).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    message: expect.stringContaining(`is taken by process ${process.pid}`),
  });
  server.close();
});
