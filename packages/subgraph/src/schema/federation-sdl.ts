import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { type DirectiveNode, type GraphQLSchema, Kind, parse, print, visit } from 'graphql';

/** The federation specification that subgraphs are written against. */
export const federationSpec = 'https://specs.apollo.dev/federation/v2.9';

/**
 * Not federation's: defined in the subgraph itself and not composed. The scope is a scalar, since composition would hint at an
 * enum that no field uses; hidden, since it is no business of clients.
 */
const cacheControl = `
directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
scalar CacheControlScope @inaccessible
`;

/**
 * The subgraph's SDL: what the classes say, with the federation directives it uses imported through `@link`.
 * Composition silently drops a locally defined `@authenticated`, so importing is not left to the author.
 */
export function printSubgraphSdl(schema: GraphQLSchema): string {
  const used = new Set<string>();
  const document = visit(parse(printSchemaWithDirectives(schema)), {
    DirectiveDefinition: () => null,
    SchemaDefinition: () => null,
    Directive: (node) => {
      used.add(node.name.value);
      return node.name.value === 'cacheControl' ? withEnumScope(node) : undefined;
    },
  });
  if (used.has('cacheControl')) used.add('inaccessible');
  const imports = [...used]
    .filter((name) => !builtIn.has(name))
    .map((name) => `"@${name}"`)
    .sort();
  const link = `extend schema @link(url: "${federationSpec}", import: [${imports.join(', ')}])\n`;
  return `${print(parse(link))}\n${used.has('cacheControl') ? `${print(parse(cacheControl))}\n\n` : '\n'}${print(document)}\n`;
}

const builtIn = new Set(['deprecated', 'specifiedBy', 'oneOf', 'cacheControl']);

/**
 * The same for `buildSubgraphSchema`, which writes values anew by their types: the scope, being a scalar, would become a string, and the cache
 * plugin would take what is PRIVATE for public.
 */
export function executableSdl(sdl: string): string {
  return sdl.replace('scalar CacheControlScope @inaccessible', 'enum CacheControlScope @inaccessible { PUBLIC PRIVATE }');
}

/** The printer does not know this directive's definition and writes its enum value as a string, which the cache plugin does not see. */
function withEnumScope(node: DirectiveNode): DirectiveNode {
  return visit(node, { StringValue: ({ value }) => ({ kind: Kind.ENUM, value }) }) as DirectiveNode;
}
