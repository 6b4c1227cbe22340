import type { Principal } from '@app/auth';
import { AnswerTags } from '@app/subgraph';
import { Loaders } from './graph/loaders.ts';
import type { Services } from './services.ts';

/** What a resolver is given: who asks, the use cases, and loaders that live as long as the request. */
export interface Context {
  readonly principal: Principal;
  readonly requestId: string;
  readonly services: Services;
  readonly loaders: Loaders;
  /** Who and what else the answer shows. */
  readonly tags: AnswerTags;
}

/** Builds the context of one call. */
export function createContext(services: Services, call: { readonly principal: Principal; readonly requestId: string }): Context {
  return { ...call, services, loaders: new Loaders(call.principal, services), tags: new AnswerTags() };
}
