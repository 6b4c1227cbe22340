import { AppError } from '@app/errors';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  TokenKind,
} from 'graphql';

/** What a document may contain, counted as if all fragments were written out. */
export interface DocumentLimits {
  readonly maxDepth: number;
  readonly maxAliases: number;
  readonly maxRootFields: number;
  readonly maxDirectives: number;
  readonly maxSelections: number;
}

/** Sizes of a document: the largest of its operations. */
export interface DocumentSize {
  readonly depth: number;
  readonly aliases: number;
  readonly rootFields: number;
  readonly directives: number;
  readonly selections: number;
}

/** Names go into logs, audit entries, metrics and keys of caches. */
const MAX_NAME_LENGTH = 256;

const EMPTY: DocumentSize = { depth: 0, aliases: 0, rootFields: 0, directives: 0, selections: 0 };
const NAMES: readonly (readonly [keyof DocumentSize, keyof DocumentLimits, string])[] = [
  ['selections', 'maxSelections', 'selections'],
  ['depth', 'maxDepth', 'levels'],
  ['aliases', 'maxAliases', 'aliases'],
  ['rootFields', 'maxRootFields', 'root fields'],
  ['directives', 'maxDirectives', 'directives'],
];

/**
 * Refuses documents that are too large, before they are validated: validation itself is what an attack makes slow.
 * @throws {AppError} LIMIT_EXCEEDED naming the limit.
 */
export function checkDocumentLimits(document: DocumentNode, limits: DocumentLimits): void {
  if (hasLongName(document))
    throw new AppError('LIMIT_EXCEEDED', `The operation has a name that is too long: at most ${MAX_NAME_LENGTH} characters are allowed.`, {
      details: { limit: 'maxNameLength', allowed: MAX_NAME_LENGTH },
    });
  const size = measureDocument(document);
  for (const [part, limit, name] of NAMES) {
    if (size[part] <= limits[limit]) continue;
    throw new AppError('LIMIT_EXCEEDED', `The operation has too many ${name}: at most ${limits[limit]} are allowed.`, {
      details: { limit, allowed: limits[limit] },
    });
  }
}

/** Whatever it names. A document without tokens is one that was checked before. */
function hasLongName({ loc }: DocumentNode): boolean {
  for (let token = loc?.startToken ?? null; token !== null; token = token.next)
    if (token.kind === TokenKind.NAME && token.value.length > MAX_NAME_LENGTH) return true;
  return false;
}

/**
 * Measures a document in time linear in its text: each fragment is measured once and added as often as it is spread, so a bomb that would
 * expand to billions of selections costs no more than its own bytes. Every operation and
 * fragment counts, not only what will be executed: validation looks at all of them.
 */
export function measureDocument(document: DocumentNode): DocumentSize {
  const fragments = new Map<string, FragmentDefinitionNode>();
  const operations: OperationDefinitionNode[] = [];
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
    else if (node.kind === Kind.OPERATION_DEFINITION) operations.push(node);
  }
  const measure = new Measure(fragments);
  const sizes = operations.map((operation) => addDirectives(measure.of(operation.selectionSet), operation.directives?.length ?? 0));
  const unused = [...fragments.keys()].map((name) => ({ ...measure.ofFragment(name), rootFields: 0 }));
  return [...sizes, ...unused].reduce(largest, EMPTY);
}

class Measure {
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  private readonly known = new Map<string, DocumentSize>();
  private readonly open = new Set<string>();

  constructor(fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
    this.fragments = fragments;
  }

  of(set: SelectionSetNode): DocumentSize {
    let total = EMPTY;
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) {
        const inner = node.selectionSet ? this.of(node.selectionSet) : EMPTY;
        const alias = node.alias === undefined ? 0 : 1;
        total = add(total, {
          ...inner,
          depth: inner.depth + 1,
          aliases: inner.aliases + alias,
          rootFields: 1,
          selections: inner.selections + 1,
        });
      } else {
        const inner = node.kind === Kind.FRAGMENT_SPREAD ? this.ofFragment(node.name.value) : this.of(node.selectionSet);
        total = add(total, { ...inner, selections: inner.selections + 1 });
      }
      total = addDirectives(total, node.directives?.length ?? 0);
    }
    return total;
  }

  /** A fragment that is spread inside itself counts nothing there: validation refuses it. */
  ofFragment(name: string): DocumentSize {
    const known = this.known.get(name);
    if (known) return known;
    const fragment = this.fragments.get(name);
    if (!fragment || this.open.has(name)) return EMPTY;
    this.open.add(name);
    const size = addDirectives(this.of(fragment.selectionSet), fragment.directives?.length ?? 0);
    this.open.delete(name);
    this.known.set(name, size);
    return size;
  }
}

function add(a: DocumentSize, b: DocumentSize): DocumentSize {
  return {
    depth: Math.max(a.depth, b.depth),
    aliases: a.aliases + b.aliases,
    rootFields: a.rootFields + b.rootFields,
    directives: a.directives + b.directives,
    selections: a.selections + b.selections,
  };
}

function addDirectives(size: DocumentSize, count: number): DocumentSize {
  return count === 0 ? size : { ...size, directives: size.directives + count };
}

function largest(a: DocumentSize, b: DocumentSize): DocumentSize {
  return {
    depth: Math.max(a.depth, b.depth),
    aliases: Math.max(a.aliases, b.aliases),
    rootFields: Math.max(a.rootFields, b.rootFields),
    directives: Math.max(a.directives, b.directives),
    selections: Math.max(a.selections, b.selections),
  };
}
