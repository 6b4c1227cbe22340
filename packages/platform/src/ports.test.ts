import { once } from 'node:events';
import { createServer } from 'node:net';
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
