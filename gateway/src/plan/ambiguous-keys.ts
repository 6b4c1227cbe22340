import { type DocumentNode, type FieldNode, print, visit } from 'graphql';

/** The name of a field in the response. */
export function clientKeyOf({ name, alias }: FieldNode): string {
  return alias?.value ?? name.value;
}

/** Equal for selections that ask for the same. */
export function signatureOf({ name, arguments: args = [] }: FieldNode): string {
  return `${name.value}(${args.map(print).sort().join()})`;
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
