import type { SubgraphCall } from '@app/subgraph';
import { type Loaders, makeLoaders } from './graph/loaders.ts';
import type { Caller } from './service/caller.ts';
import type { AccountsApp } from './service/ports.ts';

/** What every resolver gets: the process's use cases, who asks, and this request's loaders. */
export interface AccountsContext {
  readonly app: AccountsApp;
  readonly caller: Caller;
  readonly loaders: Loaders;
}

/** The context of one request. */
export function makeContext(app: AccountsApp, { principal, requestId, client }: SubgraphCall): AccountsContext {
  const caller = { principal, requestId, client };
  return { app, caller, loaders: makeLoaders(app, caller) };
}
