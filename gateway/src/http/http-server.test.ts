import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@app/errors';
import { Readiness } from '@app/observability';
import { afterEach, expect, test } from 'vitest';
import type { Handler, HttpRequest } from './http-message.ts';
import { createHttpServer, type HttpServerOptions } from './http-server.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

const page: Handler = async () => ({ status: 200, headers: { 'content-type': 'text/plain' }, body: 'hello' });
const echo: Handler = async ({ response: _, ...request }) => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(request),
});

/** A server with one page, whose GraphQL route is `graphql`. */
async function start(graphql: Handler, options: Partial<HttpServerOptions> = {}) {
  const refused: string[] = [];
  const server = createHttpServer({
    readiness: new Readiness(),
    corsOrigins: [],
    maxBodyBytes: 1_000,
    maxHeaderBytes: 8_000,
    proxies: 0,
    graphql,
    pages: new Map([['/page', page]]),
    onRefused: (code) => refused.push(code),
    ...options,
  });
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const post = (body: RequestInit['body'], headers: Record<string, string> = {}) =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      duplex: 'half',
    } as RequestInit);
  /** Everything that comes back for these bytes until the connection ends. */
  const raw = async (bytes: string) => {
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    socket.write(bytes);
    return (await socket.toArray()).join('');
  };
  return { url, port, refused, post, raw };
}

const codeOf = async (response: Response) =>
  ((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code;

test('routes get what was sent', async () => {
  const { url, post } = await start(echo);
  const sent = await (await post('{"query":"é"}', { 'x-request-id': 'request-1' })).json();
  expect(sent).toMatchObject({ id: 'request-1', method: 'POST', search: '', address: '127.0.0.1', body: { query: 'é' } });
  const asked = (await (await fetch(`${url}/graphql?query=a&b=%20`)).json()) as HttpRequest;
  expect(asked).toMatchObject({ method: 'GET', search: '?query=a&b=%20' });
  expect(asked).not.toHaveProperty('body');
});

test.each(['/graphql', '/graphql/', '/gr%61phql', '/graphql?x=1'])('%s is the GraphQL route', async (path) => {
  const { url } = await start(echo);
  expect((await fetch(url + path)).status).toBe(200);
});

test.each([
  ['/nope', 'GET', 404],
  ['/graphql/x', 'GET', 404],
  ['/page', 'POST', 404],
  ['/%', 'GET', 400],
  ['/%c0%ae', 'GET', 400],
])('%s by %s is refused', async (path, method, status) => {
  const { url, refused } = await start(echo);
  expect((await fetch(url + path, { method })).status).toBe(status);
  expect(refused).toHaveLength(1);
});

test('a page is answered to GET, and without its body to HEAD', async () => {
  const { url } = await start(echo);
  const [got, head] = await Promise.all([fetch(`${url}/page`), fetch(`${url}/page`, { method: 'HEAD' })]);
  expect([await got.text(), await head.text()]).toEqual(['hello', '']);
  expect(head.headers.get('content-length')).toBe('5');
});

test.each([
  [0, '10.0.0.1', '127.0.0.1'],
  [1, '10.0.0.1', '10.0.0.1'],
  [1, ' made up , 10.0.0.1 ', '10.0.0.1'],
  [2, 'made up, 10.0.0.1, 10.0.0.2', '10.0.0.1'],
  [2, '10.0.0.1', '10.0.0.1'],
  [1, '', '127.0.0.1'],
])('behind %s proxies and forwarded for "%s" the client is %s', async (proxies, forwarded, address) => {
  const { post } = await start(echo, { proxies });
  expect(await (await post('{}', { 'x-forwarded-for': forwarded })).json()).toMatchObject({ address });
});

test('a body of unknown length is refused as soon as it is too long, and its connection ends', async () => {
  const { raw, post } = await start(echo);
  const head = 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n';
  const answer = await raw(`${head}7d0\r\n${'x'.repeat(2_000)}\r\n7d0\r\n`);
  expect(answer).toMatch(/^HTTP\/1.1 413 [\s\S]*connection: close[\s\S]*PAYLOAD_TOO_LARGE/i);
  expect((await post('{}')).status).toBe(200);
});

test('what is announced as too long or of another type is refused before it is sent', async () => {
  const { raw } = await start(echo);
  const head = 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 2000\r\ncontent-type:';
  expect(await raw(`${head} application/json\r\n\r\n`)).toMatch(/^HTTP\/1.1 413/);
  expect(await raw(`${head} text/plain\r\n\r\n`)).toMatch(/^HTTP\/1.1 415/);
});

test('clients that leave in the middle of a body or of an answer harm nobody', async () => {
  const answer = new Readable({ read: () => undefined });
  answer.push('the first part');
  const { port, post, refused } = await start(async () => ({ status: 200, headers: {}, body: answer }));
  const half = connect(port, '127.0.0.1');
  half.write('POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"query"');
  await sleep(20);
  half.destroy();
  await expect.poll(() => refused).toEqual(['BAD_REQUEST']);
  const leaving = await post('{}');
  await leaving.body?.cancel();
  await expect.poll(() => answer.destroyed).toBe(true);
});

test('requests that follow each other at once are answered in their order', async () => {
  const { raw } = await start(async ({ body, id }) => {
    await sleep(Number(body));
    return { status: 200, headers: {}, body: `<${id}>` };
  });
  const request = (id: string, ms: string, last = '') =>
    `POST /graphql HTTP/1.1\r\nhost: x\r\nx-request-id: ${id}\r\ncontent-type: application/json\r\n${last}content-length: ${ms.length}\r\n\r\n${ms}`;
  const answers = await raw(request('request-1', '30') + request('request-2', '0') + request('request-3', '9', 'connection: close\r\n'));
  expect(answers.match(/<.*?>/g)).toEqual(['<request-1>', '<request-2>', '<request-3>']);
});

test.each<[string, Handler]>([
  ['fails', () => Promise.reject(new Error('the password is hunter2'))],
  ['answers with a header that HTTP does not allow', async () => ({ status: 200, headers: { 'x-a': 'a\r\nb' }, body: '' })],
  ['answers with a status that HTTP does not know', async () => ({ status: 1, headers: {}, body: '' })],
])('a route that %s is a fault of ours, which says nothing about it', async (_name, graphql) => {
  const { post, refused } = await start(graphql);
  const answer = await post('{}');
  expect(answer.status).toBe(500);
  expect(await answer.clone().text()).not.toMatch(/hunter2|header|status/);
  expect(await codeOf(answer)).toBe('INTERNAL');
  expect(refused).toEqual(['INTERNAL']);
});

test('who has to sign in is told how', async () => {
  const { post } = await start(() => Promise.reject(new AppError('UNAUTHENTICATED')));
  const answer = await post('{}');
  expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"']);
});

test('during a drain connections end with the answer', async () => {
  const readiness = new Readiness();
  const { post } = await start(echo, { readiness });
  expect((await post('{}')).headers.get('connection')).toBe('keep-alive');
  readiness.drain();
  expect((await post('{}')).headers.get('connection')).toBe('close');
});
