import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { remoteSubgraphs } from './remote-graph.ts';

const file = join(import.meta.dirname, '../../../../gateway/supergraph.graphql');

async function served(status: number, body: string): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer((_request, response) => response.writeHead(status).end(body));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/supergraph`,
    async [Symbol.asyncDispose]() {
      await new Promise((done) => server.close(done));
    },
  };
}

test('a supergraph says where its subgraphs are, in a file or at an address', async () => {
  await using there = await served(200, readFileSync(file, 'utf8'));
  for (const source of [file, there.url]) {
    const urls = await remoteSubgraphs(source);
    expect(urls.get('orders')).toBe('http://localhost:4004/graphql');
    expect(urls.has('accounts')).toBe(true);
  }
});

test('what cannot be read, is no GraphQL, or no supergraph is refused with what to give', async () => {
  await using away = await served(404, 'no');
  await using text = await served(200, 'Hello!');
  await using plain = await served(200, 'type Query { a: Int }');
  const wrong = (message: RegExp) => ({
    code: 'WRONG_GRAPH',
    message: expect.stringMatching(message),
    remedy: expect.stringContaining('--remote'),
  });
  await expect(remoteSubgraphs(away.url)).rejects.toMatchObject(wrong(/cannot be read: it answered 404/));
  await expect(remoteSubgraphs('/nowhere.graphql')).rejects.toMatchObject(wrong(/cannot be read/));
  await expect(remoteSubgraphs(text.url)).rejects.toMatchObject(wrong(/is not GraphQL/));
  await expect(remoteSubgraphs(plain.url)).rejects.toMatchObject(wrong(/names no subgraphs/));
});
