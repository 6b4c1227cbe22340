import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PlatformConfig, SubgraphSettings } from './config.ts';
import type { ListedSubgraph } from './subgraph-list.ts';

/** Services that run beside the subgraphs and are asked by them only; each has a database, keys and ports as a subgraph has. */
const SERVICES: readonly ListedSubgraph[] = [{ name: 'payments', port: 4005 }];

/** The services that are there. */
export function listServices(root: string): ListedSubgraph[] {
  return SERVICES.filter(({ name }) => existsSync(join(root, 'services', name, 'src', 'main.ts')));
}

/** Everybody with a database, keys and ports of their own: subgraphs and services. */
export function membersOf(config: Pick<PlatformConfig, 'subgraphs' | 'services'>): readonly SubgraphSettings[] {
  return [...config.subgraphs, ...config.services];
}
