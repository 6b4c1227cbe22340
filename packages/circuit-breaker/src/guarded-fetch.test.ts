import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BrokenCircuitError } from 'cockatiel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CircuitBreakers } from './circuit-breakers.ts';
import { guardedFetch } from './guarded-fetch.ts';

let server: Server;
let url: string;
let status = 200;

beforeAll(async () => {
  server = createServer((_request, response) => {
    response.writeHead(status).end('text');
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  url = `http://localhost:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => server.close());

test('answers are handed on, and those of 500 and above open the circuit', async () => {
  const breakers = new CircuitBreakers();
  const ask = guardedFetch(breakers, { id: 'a', failureThreshold: 2 });
  status = 404;
  for (let n = 0; n < 3; n += 1) expect((await ask(url)).status).toBe(404);
  expect(breakers.getState('a')).toBe('closed');
  status = 503;
  for (let n = 0; n < 2; n += 1) expect(await (await ask(url)).text()).toBe('text');
  expect(breakers.getState('a')).toBe('open');
  await expect(ask(url)).rejects.toThrow(BrokenCircuitError);
});

test('no answer counts, and a caller that aborts does not', async () => {
  const breakers = new CircuitBreakers();
  const ask = guardedFetch(breakers, { id: 'a', failureThreshold: 1 });
  await expect(ask(url, { signal: AbortSignal.abort(new Error('client went away')) })).rejects.toThrow('client went away');
  expect(breakers.getState('a')).toBe('closed');
  await expect(ask('http://127.0.0.1:1/')).rejects.toThrow('fetch failed');
  expect(breakers.getState('a')).toBe('open');
});
