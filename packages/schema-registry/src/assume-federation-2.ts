import { asFed2SubgraphDocument } from '@apollo/federation-internals';
import { type DirectiveNode, type DocumentNode, visit } from 'graphql';
import type { Finding } from './finding.ts';
import type { SubgraphSource } from './graph.ts';

/** Directives that Federation 1 does not have. */
const FEDERATION_2 = new Set(
  'shareable inaccessible override composeDirective interfaceObject authenticated requiresScopes policy context fromContext cost listSize cacheTag'.split(
    ' ',
  ),
);

/**
 * SDL without a federation `@link` is Federation 1. Where it uses directives that only Federation 2 has and does not define them itself, some
 * composers take it for Federation 2, and so do we, with a warning: Apollo's own refuse it.
 */
export function assumeFederation2(document: DocumentNode, source: SubgraphSource): { document: DocumentNode; finding?: Finding } {
  const used: DirectiveNode[] = [];
  const defined = new Set<string>();
  let isLinked = false;
  visit(document, {
    Directive: (node) => {
      if (node.name.value === 'link' || node.name.value === 'core') isLinked = true;
      if (FEDERATION_2.has(node.name.value)) used.push(node);
    },
    DirectiveDefinition: (node) => void defined.add(node.name.value),
  });
  const first = used.find(({ name }) => !defined.has(name.value));
  if (isLinked || first === undefined) return { document };
  const name = `@${first.name.value}`;
  const { line = 1, column = 1 } = first.loc?.startToken ?? {};
  const finding: Finding = {
    severity: 'warning',
    code: 'FEDERATION_LINK_MISSING',
    message: `${source.name} uses ${name}, which only Federation 2 has, and does not say that it is Federation 2.`,
    place: { file: source.file, line, column },
    wayOut: `Add: extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["${name}", …]).`,
  };
  return { document: asFed2SubgraphDocument(document, { includeAllImports: true }), finding };
}
