import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { startRegistryKit, subgraph } from './testing/registry-kit.ts';

/** Our gateway as its own process; resolves with its port. */
async function startGateway(args: readonly string[], env: Record<string, string>): Promise<{ child: ChildProcess; url: string }> {
  const main = new URL('../../../gateway/src/main.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [main, '--port', '0', ...args], {
    env: { PATH: process.env['PATH'], METRICS_PORT: '0', HOST: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, port } = JSON.parse(line) as { msg: string; port: number };
    if (msg === 'gateway ready') return { child, url: `http://127.0.0.1:${port}/graphql` };
  }
  throw new Error('the gateway ended before it was ready');
}

test('our gateway starts from the registry, serves what is published next, and reports what clients send', async () => {
  await using kit = await startRegistryKit();
  const token = await kit.token();
  const publish = (field: string) =>
    kit.send('POST', '/api/publish', { token, body: { subgraphs: [subgraph('products', `type Query { ${field}: Int }`)] } });
  await publish('first');
  const { child, url } = await startGateway(['--supergraph-url', `${kit.url}/supergraph/shop`], {
    SUPERGRAPH_TOKEN: await kit.token(['read']),
    USAGE_URL: kit.url,
    USAGE_KEY: await kit.token(['report']),
    USAGE_GRAPH_REF: 'shop@current',
    USAGE_INTERVAL_MS: '20',
  });
  try {
    const fields = async () => {
      const body = JSON.stringify({ query: 'query Fields { __schema { queryType { fields { name } } } }' });
      return (await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).text();
    };
    expect(await fields()).toContain('"first"');
    const reported = async () => (await kit.send('GET', '/api/operations', { token })).body['operations'];
    await expect.poll(reported, { timeout: 20_000 }).toMatchObject([{ name: 'Fields', requests: 1, clients: ['unknown@unknown'] }]);
    await publish('second');
    await expect.poll(fields, { timeout: 20_000 }).toContain('"second"');
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
});
