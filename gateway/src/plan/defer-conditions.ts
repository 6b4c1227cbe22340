import { type DirectiveNode, type DocumentNode, Kind, visit } from 'graphql';

/** The planner makes a plan for each combination of the variables that decide about `@defer`: as many as two to their power. */
const MAX_CONDITIONS = 3;

/** True when a document has more `@defer(if:)` on variables than can be planned in reasonable time. */
export function hasTooManyConditions(document: DocumentNode): boolean {
  const variables = new Set<string>();
  visit(document, {
    Directive: (node) => {
      const condition = isDefer(node) ? node.arguments?.find((argument) => argument.name.value === 'if')?.value : undefined;
      if (condition?.kind === Kind.VARIABLE) variables.add(condition.name.value);
    },
  });
  return variables.size > MAX_CONDITIONS;
}

/** The document with nothing deferred; itself when nothing is. */
export function withoutDefer(document: DocumentNode): DocumentNode {
  return visit(document, { Directive: (node) => (isDefer(node) ? null : undefined) });
}

function isDefer({ name }: DirectiveNode): boolean {
  return name.value === 'defer';
}
