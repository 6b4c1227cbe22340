import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { namesOf } from './names.ts';
import { renderSubgraph } from './render.ts';
import { type Wired, wirings } from './wiring.ts';

const root = join(import.meta.dirname, '../../../..');
const wired: Wired = {
  name: 'wishlist',
  port: 4999,
  packageJson: { version: '0.1.0', dependencies: { graphql: '16.15.0' }, devDependencies: {} },
};
const after = (file: string): string => wirings[file]?.(readFileSync(join(root, file), 'utf8'), wired) ?? '';

test('supergraph.yaml lists it and keeps the others', () => {
  const { subgraphs } = parse(after('supergraph.yaml')) as { subgraphs: Record<string, unknown> };
  expect(subgraphs['wishlist']).toEqual({
    routing_url: 'http://localhost:4999/graphql',
    schema: { file: './subgraphs/wishlist/schema.graphql' },
  });
  expect(Object.keys(subgraphs)).toContain('orders');
});

test('docker-compose.yml runs it and its worker, and the gateway waits for it', () => {
  interface Compose {
    services: Record<string, { build?: { target: string }; command?: string[]; depends_on?: Record<string, unknown> }>;
    configs: { prometheus: { content: string } };
  }
  const { services, configs } = parse(after('docker-compose.yml'), { merge: true }) as Compose;
  expect(services['wishlist']?.build?.target).toBe('wishlist');
  expect(services['wishlist-worker']).toMatchObject({
    command: ['wishlist-worker', 'subgraphs/wishlist/src/worker.ts'],
    build: { target: 'wishlist' },
  });
  expect(services['gateway']?.depends_on).toMatchObject({
    wishlist: { condition: 'service_healthy' },
    orders: { condition: 'service_healthy' },
  });
  expect(configs.prometheus.content).toContain("'wishlist:4999'");
});

test('the image has a target for it, and the lock file knows it', () => {
  expect(after('deploy/docker/Dockerfile')).toMatch(/FROM runtime AS wishlist\n[\s\S]*FROM runtime AS gateway/);
  const { packages } = JSON.parse(after('package-lock.json')) as { packages: Record<string, object> };
  expect(packages['node_modules/@subgraphs/wishlist']).toEqual({ resolved: 'subgraphs/wishlist', link: true });
  expect(packages['subgraphs/wishlist']).toMatchObject({ name: '@subgraphs/wishlist', dependencies: { graphql: '16.15.0' } });
});

test('a file without a place for it is named', () => {
  for (const file of ['docker-compose.yml', 'deploy/docker/Dockerfile']) {
    expect(() => wirings[file]?.('services: {}\n', wired)).toThrow(
      expect.objectContaining({ code: 'WRONG_GRAPH', message: expect.stringContaining(file) }),
    );
  }
  expect(() => wirings['docker-compose.yml']?.('  gateway:\n', wired)).toThrow(/no place/);
});

test('a template leaves nothing to be filled in, and speaks of an offer, not of a offer', () => {
  const names = namesOf('offer', { folders: [], coordinates: new Map(), prefixes: new Set() });
  const files = renderSubgraph(names, { port: 4999, stamp: '20260131120000', events: '-- event tables' });
  expect([...files.keys()]).toEqual(
    expect.arrayContaining(['subgraphs/offer/src/graph/offer.type.ts', 'prisma/offer/migrations/20260131120000_initial/migration.sql']),
  );
  for (const [file, text] of files)
    expect(`${file}\n${text}`).not.toMatch(/__(name|Name|NAME|names|Names|prefix|port|stamp|events)__|\ba offer/i);
  expect(files.get('prisma/offer/migrations/20260131120000_initial/migration.sql')).toContain('-- event tables');
});
