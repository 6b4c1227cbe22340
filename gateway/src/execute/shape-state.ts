import { MOST_ERRORS, type ResponseError } from './execution-types.ts';
import type { Variables } from './variables.ts';

/** What writers share while they write one response. */
export interface ShapeState {
  readonly variables: Variables;
  /** Current position in each list around the value being written, outermost first. */
  readonly indexes: number[];
  /** Values that could not be written; of very many the first. */
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
  /** Undefined: this is where the operation begins. */
  private readonly around: Position | undefined;
  /** Undefined: this is an element of the list around. */
  private readonly place: FieldPlace | undefined;

  private constructor(listDepth: number, around?: Position, place?: FieldPlace) {
    this.listDepth = listDepth;
    this.around = around;
    this.place = place;
  }

  static readonly root = new Position(0);

  field(place: FieldPlace): Position {
    return new Position(this.listDepth, this, place);
  }

  element(): Position {
    return new Position(this.listDepth + 1, this);
  }

  /** The place of the value that is being written. */
  pathIn(state: ShapeState): (string | number)[] {
    if (this.around === undefined) return [];
    const path = this.around.pathIn(state);
    path.push(this.place?.key ?? state.indexes[this.around.listDepth] ?? 0);
    return path;
  }

  /** Records that the value here had to become null. */
  fail(state: ShapeState, problem: string): undefined {
    if (state.errors.length < MOST_ERRORS)
      state.errors.push({ message: `${problem} ${this.describe()}.`, path: this.pathIn(state), extensions: { code: 'INVALID_GRAPHQL' } });
    return undefined;
  }

  private describe(): string {
    if (this.around === undefined) return 'the operation';
    return this.place === undefined ? `an element of ${this.around.describe()}` : `field ${this.place.typename}.${this.place.name}`;
  }
}

/** A field of an object in the response. */
export interface FieldPlace {
  readonly key: string;
  readonly typename: string;
  readonly name: string;
}
