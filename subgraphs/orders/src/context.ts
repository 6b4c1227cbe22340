import type { Principal } from '@app/auth';
import type { SubgraphCall } from '@app/subgraph';
import { type Loaders, makeLoaders } from './graph/loaders.ts';
import type { Deps } from './service/deps.ts';

/** What every resolver gets: the process's use cases, who asks, and this request's loaders. */
export interface OrdersContext {
  readonly deps: Deps;
  readonly principal: Principal;
  readonly loaders: Loaders;
}

/** The context of one request. */
export function makeContext(deps: Deps, { principal }: SubgraphCall): OrdersContext {
  return { deps, principal, loaders: makeLoaders(deps, principal) };
}
