import { type ConstDirectiveNode, type DocumentNode, type FieldDefinitionNode, Kind } from 'graphql';
import {
  argumentOf,
  directivesOf,
  type FieldsDefinition,
  graphOf,
  hasFields,
  JOIN_FIELD,
  JOIN_TYPE,
  wordsOfFieldSets,
} from './supergraph-document.ts';

const JOIN_IMPLEMENTS = 'join__implements';

/**
 * Removes the marks of fields as external to a subgraph that does not mention them any more: the planner refuses a supergraph with such
 * marks. Looked at are only fields for which `isChanged` holds; what an interface of that subgraph demands stays.
 */
export function dropUnusedExternals(document: DocumentNode, isChanged: (type: FieldsDefinition, field: string) => boolean): DocumentNode {
  const types = new Map(document.definitions.filter(hasFields).map((node) => [node.name.value, node]));
  const words = wordsOfFieldSets(document);
  const isUnused = (type: FieldsDefinition, field: string, join: ConstDirectiveNode): boolean => {
    const graph = graphOf(join);
    const external = argumentOf(join, 'external');
    if (join.name.value !== JOIN_FIELD || external?.kind !== Kind.BOOLEAN || !external.value) return false;
    return !words.get(graph)?.has(field) && !isDemanded(type, { field, graph, types });
  };
  const definitions = document.definitions.map((node) => {
    if (!hasFields(node)) return node;
    const fields = node.fields?.map((field): FieldDefinitionNode => {
      if (!isChanged(node, field.name.value)) return field;
      const directives = field.directives?.filter((directive) => !isUnused(node, field.name.value, directive));
      return { ...field, ...(directives && { directives }) };
    });
    return { ...node, ...(fields && { fields }) };
  });
  return { ...document, definitions };
}

interface Demand {
  readonly field: string;
  readonly graph: string;
  readonly types: ReadonlyMap<string, FieldsDefinition>;
}

/** True when the type implements an interface with this field in this subgraph. */
function isDemanded(type: FieldsDefinition, { field, graph, types }: Demand): boolean {
  return directivesOf(type, JOIN_IMPLEMENTS).some((directive) => {
    const name = argumentOf(directive, 'interface');
    const parent = name?.kind === Kind.STRING ? types.get(name.value) : undefined;
    const definition = parent?.fields?.find((each) => each.name.value === field);
    if (graphOf(directive) !== graph || parent === undefined || definition === undefined) return false;
    const joins = directivesOf(definition, JOIN_FIELD);
    return (joins.length === 0 ? directivesOf(parent, JOIN_TYPE) : joins).some((join) => graphOf(join) === graph);
  });
}
