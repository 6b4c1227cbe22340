import type { ResponseError } from './execution-types.ts';
import type { Variables } from './variables.ts';

/** What writers share while they write one response. */
export interface ShapeState {
  readonly variables: Variables;
  /** Current position in each list around the value being written, outermost first. */
  readonly indexes: number[];
  /** Values that could not be written. */
  readonly errors: ResponseError[];
  /** Where fragments were left for later; absent when everything is answered at once. */
  readonly deferred?: DeferredPart[];
}

/** A deferred fragment at one place of the response. */
export interface DeferredPart {
  /** The plan's name for the fragment. */
  readonly planLabel: string;
  /** The client's. */
  readonly label: string | undefined;
  readonly path: readonly (string | number)[];
  /** Writes its fields, once they are there. */
  readonly write: (state: ShapeState) => string | undefined;
  /** Positions in the lists around it. */
  readonly indexes: readonly number[];
}

/** Writes a value that is not null as JSON; undefined when null must stand in its place, the reason then is in `state.errors`. */
export type Writer = (value: unknown, state: ShapeState) => string | undefined;

/**
 * Where a value stands in the response. Keys are known when compiling; an element of a list is known as the depth of the list, so that
 * writing needs to note nothing but the current index of each list.
 */
export class Position {
  /** How many lists are around. */
  readonly listDepth: number;
  private readonly elements: readonly (string | { readonly listDepth: number })[];
  private readonly description: string;

  private constructor(elements: Position['elements'], listDepth: number, description: string) {
    this.elements = elements;
    this.listDepth = listDepth;
    this.description = description;
  }

  static readonly root = new Position([], 0, 'the operation');

  field(key: string, coordinate: string): Position {
    return new Position([...this.elements, key], this.listDepth, `field ${coordinate}`);
  }

  element(): Position {
    const element = { listDepth: this.listDepth };
    return new Position([...this.elements, element], this.listDepth + 1, `an element of ${this.description}`);
  }

  /** The place of the value that is being written. */
  pathIn({ indexes }: ShapeState): (string | number)[] {
    return this.elements.map((element) => (typeof element === 'string' ? element : (indexes[element.listDepth] ?? 0)));
  }

  /** Records that the value here had to become null. */
  fail(state: ShapeState, problem: string): undefined {
    state.errors.push({ message: `${problem} ${this.description}.`, path: this.pathIn(state), extensions: { code: 'INVALID_GRAPHQL' } });
    return undefined;
  }
}
