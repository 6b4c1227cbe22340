import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { CircuitBreakers } from '@app/circuit-breaker';
import { afterEach, describe, expect, test } from 'vitest';
import { requestBody, type SubgraphRequest } from './fetcher.ts';
import { createHttpFetcher, type HttpFetcherOptions } from './http-fetcher.ts';

type Respond = (request: IncomingMessage, body: string, response: ServerResponse) => void;

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function setUp(respond: Respond, options: Partial<HttpFetcherOptions<{ identity: string }>> = {}) {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    bodies.push(body);
    respond(request, body, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  const fetcher = createHttpFetcher({
    subgraphs: new Map([['products', { name: 'products', url }]]),
    connectTimeoutMs: 1_000,
    deadlineMs: 2_000,
    maxAnswerBytes: 1_000,
    connections: 8,
    shareInFlight: false,
    needsMoment: false,
    mutations: { answered: 0 },
    breakers: new CircuitBreakers(),
    hedgeAfterMs: 0,
    headersFor: () => ({}),
    ...options,
  });
  open.push(() => fetcher.close());
  return { fetcher, bodies };
}

function ask(parts: Partial<SubgraphRequest> = {}, kind: 'query' | 'mutation' = 'query'): SubgraphRequest {
  const operation = { subgraph: 'products', query: '{a}', operationName: undefined, kind, bodyPrefix: '{"query":"{a}","variables":{' };
  return {
    operation,
    variables: '',
    entities: [],
    body: requestBody(operation, '', []),
    context: { identity: 'me' },
    signal: undefined,
    ...parts,
  };
}

const json = (response: ServerResponse, text: string, headers: Record<string, string> = {}) =>
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(text);

test('a fetch posts the body and reads the answer', async () => {
  const { fetcher, bodies } = await setUp((_request, _body, response) => json(response, '{"data":{"a":1}}'));
  expect(await fetcher.fetch(ask())).toEqual({ data: { a: 1 } });
  expect(bodies).toEqual(['{"query":"{a}","variables":{}}']);
});

test('headers are made for exactly the body that is sent', async () => {
  const signed: string[] = [];
  const { fetcher, bodies } = await setUp(
    (request, _body, response) => json(response, JSON.stringify({ data: { seen: request.headers['x-signature'] } })),
    {
      headersFor: ({ body }) => {
        signed.push(body);
        return { 'x-signature': 'abc' };
      },
    },
  );
  expect(await fetcher.fetch(ask())).toEqual({ data: { seen: 'abc' } });
  expect(signed).toEqual(bodies);
});

test('a compressed answer is unpacked', async () => {
  const { fetcher } = await setUp((_request, _body, response) =>
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(gzipSync('{"data":null}')),
  );
  expect(await fetcher.fetch(ask())).toEqual({ data: null });
});

test('a GraphQL answer with an error status is read when its media type vouches for it', async () => {
  const { fetcher } = await setUp((_request, _body, response) =>
    response.writeHead(400, { 'content-type': 'application/graphql-response+json' }).end('{"errors":[{"message":"no"}]}'),
  );
  expect(await fetcher.fetch(ask())).toEqual({ errors: [{ message: 'no' }] });
});

describe('an answer that cannot be used is one generic error', () => {
  test.each<[string, Respond]>([
    [
      'a redirect',
      (_q, _b, response) =>
        response.writeHead(302, { location: 'http://127.0.0.1:1/', 'content-type': 'application/json' }).end('{"data":{}}'),
    ],
    ['a server error', (_q, _b, response) => response.writeHead(500, { 'content-type': 'application/json' }).end('{"data":{}}')],
    ['HTML', (_q, _b, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>secret</h1>')],
    ['no JSON', (_q, _b, response) => json(response, '{"data":')],
    ['JSON null', (_q, _b, response) => json(response, 'null')],
    ['a list', (_q, _b, response) => json(response, '[]')],
    ['an unknown encoding', (_q, _b, response) => json(response, '{"data":{}}', { 'content-encoding': 'zstd9' })],
    ['too many bytes', (_q, _b, response) => json(response, `{"data":"${'x'.repeat(2_000)}"}`)],
    [
      'a bomb',
      (_q, _b, response) =>
        response
          .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
          .end(gzipSync(`{"data":"${'x'.repeat(100_000)}"}`)),
    ],
    [
      'a cut connection',
      (_q, _b, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' }).write('{');
        response.socket?.destroy();
      },
    ],
  ])('%s', async (_name, respond) => {
    const { fetcher } = await setUp(respond);
    await expect(fetcher.fetch(ask())).rejects.toMatchObject({
      code: 'DOWNSTREAM_UNAVAILABLE',
      message: 'Part of the answer is not available right now.',
    });
  });
});

test('a subgraph that drips bytes is left at the deadline', async () => {
  const { fetcher } = await setUp(
    (_request, _body, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    },
    { deadlineMs: 150 },
  );
  await expect(fetcher.fetch(ask())).rejects.toMatchObject({ code: 'TIMEOUT' });
});

test('an unreachable subgraph fails without a hint of where it is', async () => {
  const { fetcher } = await setUp(() => undefined, {
    subgraphs: new Map([['products', { name: 'products', url: 'http://127.0.0.1:1/graphql' }]]),
  });
  const failure = await fetcher.fetch(ask()).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'DOWNSTREAM_UNAVAILABLE' });
  expect(String((failure as Error).message)).not.toContain('127.0.0.1');
});

test('a client that goes away takes its fetch along', async () => {
  const gone = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  const { fetcher } = await setUp((_request, _body, response) => {
    response.on('close', gone.resolve);
    arrived.resolve();
  });
  const abort = new AbortController();
  const result = fetcher.fetch(ask({ signal: abort.signal })).catch((error: unknown) => error);
  await arrived.promise;
  abort.abort(new Error('client left'));
  expect(await result).toMatchObject({ code: 'DOWNSTREAM_UNAVAILABLE' });
  await gone.promise;
});

test('a client that goes away takes all fetches along that are under way, and starts none', async () => {
  let isSilent = false;
  let closed = 0;
  const respond: Respond = (_request, _body, response) => {
    if (isSilent) response.on('close', () => (closed += 1));
    else json(response, '{"data":{"a":1}}');
  };
  const { fetcher, bodies } = await setUp(respond, { deadlineMs: 60_000 });
  const abort = new AbortController();
  const fetchOne = () => fetcher.fetch(ask({ signal: abort.signal })).catch(() => 'left');
  expect(await Promise.all([fetchOne(), fetchOne()])).toEqual([{ data: { a: 1 } }, { data: { a: 1 } }]);
  isSilent = true;
  const leaving = [fetchOne(), fetchOne(), fetchOne()];
  await expect.poll(() => bodies).toHaveLength(5);
  abort.abort(new Error('client left'));
  expect(await Promise.all([...leaving, fetchOne()])).toEqual(['left', 'left', 'left', 'left']);
  await expect.poll(() => closed).toBe(3);
  expect(bodies).toHaveLength(5);
});

describe('sharing', () => {
  const slow: Respond = (_request, _body, response) => void setTimeout(() => json(response, '{"data":{"list":[]}}'), 50);

  test('identical queries of one identity under way are sent once, and their answers are separate objects', async () => {
    const { fetcher, bodies } = await setUp(slow, { shareInFlight: true });
    const [one, two] = await Promise.all([fetcher.fetch(ask()), fetcher.fetch(ask())]);
    expect(bodies).toHaveLength(1);
    expect(one).toEqual(two);
    expect(one).not.toBe(two);
    await fetcher.fetch(ask());
    expect(bodies).toHaveLength(2);
  });

  test('another identity and a mutation are sent on their own', async () => {
    const { fetcher, bodies } = await setUp(slow, { shareInFlight: true });
    await Promise.all([
      fetcher.fetch(ask()),
      fetcher.fetch(ask({ context: { identity: 'you' } })),
      fetcher.fetch(ask({}, 'mutation')),
      fetcher.fetch(ask({}, 'mutation')),
    ]);
    expect(bodies).toHaveLength(4);
  });

  test('where others write too, only those share a call that knew of the same writes', async () => {
    const { fetcher, bodies } = await setUp(slow, { shareInFlight: true, needsMoment: true });
    const askKnowing = (asOf?: string) => fetcher.fetch(ask({ context: { identity: 'me', ...(asOf !== undefined && { asOf }) } }));
    await Promise.all([askKnowing('1'), askKnowing('1'), askKnowing('2')]);
    expect(bodies).toHaveLength(2);
    await Promise.all([askKnowing(), askKnowing(), askKnowing(''), askKnowing('')]);
    expect(bodies).toHaveLength(6);
  });

  test('one caller that goes away does not disturb another', async () => {
    const { fetcher } = await setUp(slow, { shareInFlight: true });
    const abort = new AbortController();
    const leaving = fetcher.fetch(ask({ signal: abort.signal })).catch(() => 'left');
    const staying = fetcher.fetch(ask({ signal: new AbortController().signal }));
    abort.abort(new Error('client left'));
    expect(await leaving).toBe('left');
    expect(await staying).toEqual({ data: { list: [] } });
  });
});

describe('a subgraph that is unwell', () => {
  test('is left alone after ten calls without an answer, and asked again a second later', async () => {
    let isUnwell = true;
    const { fetcher, bodies } = await setUp((_request, _body, response) => {
      if (isUnwell) response.destroy();
      else response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{"a":1}}');
    });
    for (let n = 0; n < 15; n += 1) await expect(fetcher.fetch(ask())).rejects.toMatchObject({ code: 'DOWNSTREAM_UNAVAILABLE' });
    expect(bodies.length).toBeLessThan(15);
    isUnwell = false;
    const deadline = Date.now() + 30_000;
    let answer: unknown;
    while (answer === undefined && Date.now() < deadline) {
      answer = await fetcher.fetch(ask()).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(answer).toEqual({ data: { a: 1 } });
  });

  test.each([
    ['of the request, such as one too large: it goes on being asked', 413, true],
    ['of too many requests: it is left alone', 429, false],
    ['of being too slow: it is left alone', 408, false],
  ])('tells by its status %s', async (_name, status, isAskedOn) => {
    const { fetcher, bodies } = await setUp((_request, _body, response) => response.writeHead(status).end());
    for (let n = 0; n < 15; n += 1) await expect(fetcher.fetch(ask())).rejects.toMatchObject({ code: 'DOWNSTREAM_UNAVAILABLE' });
    expect(bodies.length === 15).toBe(isAskedOn);
  });

  test.each([
    ['as it is', {}, (text: string) => text],
    ['compressed', { 'content-encoding': 'gzip' }, gzipSync],
  ])('goes on being asked although its answers are too long, sent %s', async (_name, headers, written) => {
    const { fetcher, bodies } = await setUp((_request, _body, response) =>
      response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(written(`{"data":"${'x'.repeat(2_000)}"}`)),
    );
    for (let n = 0; n < 15; n += 1) await expect(fetcher.fetch(ask())).rejects.toMatchObject({ code: 'DOWNSTREAM_UNAVAILABLE' });
    expect(bodies).toHaveLength(15);
  });

  test('is asked for entities a second time when it is late, if hedging is on; never for a mutation', async () => {
    let calls = 0;
    const { fetcher } = await setUp(
      (_request, _body, response) => {
        calls += 1;
        const isLate = calls === 1;
        setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{"a":1}}'), isLate ? 1_500 : 0);
      },
      { hedgeAfterMs: 20 },
    );
    const entities = [{ responseKey: '_entities', variable: 'r', representations: ['{"id":1}'] }];
    expect(await fetcher.fetch(ask({ entities }))).toEqual({ data: { a: 1 } });
    expect(calls).toBe(2);
    calls = 0;
    expect(await fetcher.fetch(ask({}, 'mutation'))).toEqual({ data: { a: 1 } });
    expect(calls).toBe(1);
  });
});
