import type { Principal } from '@app/auth';
import { AnswerTags, type SubgraphCall } from '@app/subgraph';
import { type Loaders, makeLoaders } from './graph/loaders.ts';
import { rememberedCatalogue } from './rpc/remembered-catalogue.ts';
import type { Deps } from './service/deps.ts';

/** What every resolver gets: the process's use cases, who asks, and this request's loaders. */
export interface OrdersContext {
  readonly deps: Deps;
  readonly principal: Principal;
  readonly loaders: Loaders;
  /** Which orders the answer shows. */
  readonly tags: AnswerTags;
}

/** The context of one request. */
export function makeContext(deps: Deps, { principal }: SubgraphCall): OrdersContext {
  const own = { ...deps, catalogue: rememberedCatalogue(deps.catalogue) };
  const tags = new AnswerTags();
  return { deps: own, principal, loaders: makeLoaders(own, { principal, tags }), tags };
}
