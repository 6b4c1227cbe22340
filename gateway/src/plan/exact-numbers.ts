import type { FetchNode } from '@apollo/query-planner';
import {
  type DocumentNode,
  type FloatValueNode,
  type GraphQLSchema,
  getNamedType,
  type IntValueNode,
  isScalarType,
  isSpecifiedScalarType,
  Kind,
  parse,
  parseConstValue,
  print,
  type StringValueNode,
  stripIgnoredCharacters,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** A document as the planner is given it, and how its fetches get the client's numbers back. */
export interface ExactNumbers {
  readonly document: DocumentNode;
  readonly restore: (fetch: FetchNode) => FetchNode;
}

/**
 * Hides numbers of custom scalars in texts. The planner reads them as floating point: a long integer or decimal reached its subgraph as another
 * number. The document must be valid.
 */
export function exactNumbers(document: DocumentNode, schema: GraphQLSchema): ExactNumbers {
  const mark = freeMark(document);
  const types = new TypeInfo(schema);
  const hide = (node: IntValueNode | FloatValueNode): StringValueNode | undefined => {
    const type = getNamedType(types.getInputType());
    // Inside an object that is the value of a scalar nothing has a type.
    const isCustom = type === undefined || (isScalarType(type) && !isSpecifiedScalarType(type));
    return isCustom && String(Number(node.value)) !== node.value ? { kind: Kind.STRING, value: mark + node.value } : undefined;
  };
  const hidden: DocumentNode = visit(document, visitWithTypeInfo(types, { IntValue: hide, FloatValue: hide }));
  if (hidden === document) return { document, restore: (fetch) => fetch };
  return { document: hidden, restore: (fetch) => ({ ...fetch, operation: withNumbers(fetch.operation, mark) }) };
}

function withNumbers(operation: string, mark: string): string {
  const document: DocumentNode = visit(parse(operation, { noLocation: true }), {
    StringValue: ({ value }) => (value.startsWith(mark) ? parseConstValue(value.slice(mark.length), { noLocation: true }) : undefined),
  });
  return stripIgnoredCharacters(print(document));
}

/** What no text of the document begins with. */
function freeMark(document: DocumentNode): string {
  const texts: string[] = [];
  visit(document, { StringValue: ({ value }) => void texts.push(value) });
  let mark = '#';
  while (texts.some((text) => text.startsWith(mark))) mark += '#';
  return mark;
}
