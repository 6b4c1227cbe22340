import { type DefinitionNode, GraphQLError, parse } from 'graphql';

/** The definitions of a text; none of one that is no GraphQL, which composition reports with its place. */
export function definitionsIn(text: string): readonly DefinitionNode[] {
  try {
    return parse(text).definitions;
  } catch (error) {
    if (error instanceof GraphQLError) return [];
    throw error;
  }
}
