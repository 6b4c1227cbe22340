import { type ConstDirectiveNode, type DocumentNode, Kind } from 'graphql';
import { argumentOf, hasFields, JOIN_TYPE } from './supergraph-document.ts';

/**
 * Puts the keys that a subgraph resolves before those that it only knows (`resolvable: false`). To come back to a subgraph with what a
 * `@requires` needs, the planner takes the first key of the type there, whether or not the subgraph resolves entities by it.
 */
export function resolvableKeysFirst(document: DocumentNode): DocumentNode {
  let isChanged = false;
  const definitions = document.definitions.map((node) => {
    if (!hasFields(node)) return node;
    const directives = [...(node.directives ?? [])].sort((a, b) => rank(a) - rank(b));
    if (directives.every((directive, index) => directive === node.directives?.[index])) return node;
    isChanged = true;
    return { ...node, directives };
  });
  return isChanged ? { ...document, definitions } : document;
}

function rank(directive: ConstDirectiveNode): number {
  if (directive.name.value !== JOIN_TYPE) return 0;
  const resolvable = argumentOf(directive, 'resolvable');
  return resolvable?.kind === Kind.BOOLEAN && !resolvable.value ? 1 : 0;
}
