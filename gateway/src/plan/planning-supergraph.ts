import { parse, print } from 'graphql';
import { addRequiredVariants, type RequiredVariants } from './required-variants.ts';
import { type Requirements, readRequirements } from './requirements.ts';
import { resolvableKeysFirst } from './resolvable-keys-first.ts';

/** A supergraph as the planner is given it, and what its plans must be worked over with. */
export interface PlanningSupergraph {
  readonly sdl: string;
  readonly variants: RequiredVariants;
  readonly requirements: Requirements;
}

/** Writes a supergraph so that the planner gets right what it would get wrong otherwise. Most supergraphs stay as they are. */
export function planningSupergraph(sdl: string): PlanningSupergraph {
  const original = parse(sdl, { noLocation: true });
  const { document, variants } = addRequiredVariants(resolvableKeysFirst(original));
  return { sdl: document === original ? sdl : print(document), variants, requirements: readRequirements(document) };
}
