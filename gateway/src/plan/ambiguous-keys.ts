import { type ArgumentNode, type DocumentNode, type FieldNode, Kind, type ObjectFieldNode, print, type ValueNode, visit } from 'graphql';

/** The name of a field in the response. */
export function clientKeyOf({ name, alias }: FieldNode): string {
  return alias?.value ?? name.value;
}

/** Equal for selections that ask for the same. As in GraphQL's validation, the order in which arguments and fields of objects are written says nothing. */
export function signatureOf({ name, arguments: args = [] }: FieldNode): string {
  return `${name.value}(${args.map(textOf).sort().join()})`;
}

function textOf({ name, value }: ArgumentNode | ObjectFieldNode): string {
  return `${name.value}:${valueText(value)}`;
}

function valueText(value: ValueNode): string {
  if (value.kind === Kind.OBJECT) return `{${value.fields.map(textOf).sort().join()}}`;
  return value.kind === Kind.LIST ? `[${value.values.map(valueText).join()}]` : print(value);
}

/**
 * Names under which a document asks for different things. In one place of the response that is valid below types of which no object is both,
 * but the planner asks for what stands in one place in one fetch, and keeps only one of the two. In two places they may meet as well: an
 * entity that both lead to is asked for once, and its nested objects are shared.
 */
export function ambiguousKeys(document: DocumentNode): ReadonlySet<string> {
  const signatures = new Map<string, string>();
  const ambiguous = new Set<string>();
  visit(document, {
    Field: (node) => {
      const [key, signature] = [clientKeyOf(node), signatureOf(node)];
      if ((signatures.get(key) ?? signature) !== signature) ambiguous.add(key);
      signatures.set(key, signature);
    },
  });
  return ambiguous;
}
