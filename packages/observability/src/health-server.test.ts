import { expect, test } from 'vitest';
import { createMetrics, Readiness, type ReadinessCheck, startHealthServer } from './index.ts';

async function get(port: number, path: string) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return { status: response.status, body: await response.text() };
}

test('alive from the start, ready when told, not ready when draining', async () => {
  const readiness = new Readiness();
  await using server = await startHealthServer({ port: 0, readiness });
  expect((await get(server.port, '/livez')).status).toBe(200);
  expect(await get(server.port, '/readyz')).toEqual({ status: 503, body: '{"status":"starting","checks":{}}' });
  readiness.ready();
  expect((await get(server.port, '/readyz?verbose')).status).toBe(200);
  readiness.drain();
  readiness.ready();
  expect(readiness.isDraining).toBe(true);
  expect(await get(server.port, '/readyz')).toEqual({ status: 503, body: '{"status":"draining","checks":{}}' });
  expect((await get(server.port, '/livez')).status).toBe(200);
});

test.each<[string, ReadinessCheck, string]>([
  [
    'throws',
    () => {
      throw new Error('down');
    },
    'down',
  ],
  ['rejects with a string', () => Promise.reject('gone'), 'gone'],
  ['hangs', () => new Promise<void>(() => undefined), 'no answer within 20 ms'],
])('a check that %s makes the process unready and says why', async (_name, check, reason) => {
  const readiness = new Readiness({ database: check, other: () => undefined }, 20);
  readiness.ready();
  expect(await readiness.report()).toEqual({ status: 'failing', checks: { database: reason, other: 'ok' } });
});

test('a process may answer further paths on the same port', async () => {
  await using server = await startHealthServer({
    port: 0,
    readiness: new Readiness(),
    answer: (request, response) => {
      if (request.url !== '/more') return Promise.resolve(false);
      response.end('more');
      return Promise.resolve(true);
    },
  });
  expect(await get(server.port, '/more')).toEqual({ status: 200, body: 'more' });
  expect((await get(server.port, '/less')).status).toBe(404);
});

test('metrics are served as text, and unknown paths are 404', async () => {
  const metrics = createMetrics({ service: 'test', process: false });
  metrics.counter({ name: 'seen_total', help: 'Seen.' }).inc();
  await using server = await startHealthServer({ port: 0, host: '127.0.0.1', readiness: new Readiness(), metrics });
  expect((await get(server.port, '/metrics')).body).toContain('seen_total{service="test"} 1');
  expect((await get(server.port, '/')).status).toBe(404);
});

test('a metric that fails to collect is a 500 and not a crash', async () => {
  const metrics = createMetrics({ service: 'test', process: false });
  metrics.gauge({ name: 'broken', help: 'Broken.' }, () => {
    throw new Error('no');
  });
  await using server = await startHealthServer({ port: 0, readiness: new Readiness(), metrics });
  expect((await get(server.port, '/metrics')).status).toBe(500);
});

test('a taken port is an error, and without metrics there is no /metrics', async () => {
  await using server = await startHealthServer({ port: 0, readiness: new Readiness() });
  await expect(startHealthServer({ port: server.port, readiness: new Readiness() })).rejects.toThrow(/EADDRINUSE/);
  expect((await get(server.port, '/metrics')).status).toBe(404);
  await server.close();
});
