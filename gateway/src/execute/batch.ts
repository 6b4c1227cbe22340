import { DistinctRepresentations } from './distinct-representations.ts';
import { copyOf, isJsonObject, type JsonObject } from './json-object.ts';
import { mergeInto } from './merge.ts';
import type { Represent } from './representation.ts';

/** Places in the response. */
export type Places = readonly (readonly (string | number)[])[];

/** Objects in the merged tree. */
export interface Targets {
  readonly objects: readonly JsonObject[];
  /** Where they stand, in their order: asked for when something went wrong. */
  readonly places: () => Places;
}

/** How answers become part of the objects that they are about. */
export interface Distribution {
  /** True for names of object types. */
  readonly isConcrete: (typename: unknown) => boolean;
  /** Gives each object nested objects of its own instead of sharing them: needed where answers depend on where an entity stands. */
  readonly isCopied: boolean;
}

/** The objects that one `_entities` field is about, and the distinct representations that stand for them. */
export class Batch {
  private readonly distinct = new DistinctRepresentations();
  /** For each target the index of its representation, -1 when it lacks what the subgraph requires. */
  private readonly indexes: number[] = [];
  private readonly targets: Targets;
  private places: ReadonlyMap<number, Places> | undefined;

  constructor(targets: Targets, represent: Represent) {
    this.targets = targets;
    for (const target of targets.objects) this.indexes.push(represent(target, this.distinct));
  }

  get representations(): readonly string[] {
    return this.distinct.texts;
  }

  /** Merges the answers. A subgraph that knows an entity as an interface object names the interface: the type known before is kept then. */
  distribute(entities: readonly unknown[], { isConcrete, isCopied }: Distribution): void {
    const { objects } = this.targets;
    for (let position = 0; position < objects.length; position++) {
      const target = objects[position];
      const entity = entities[this.indexes[position] ?? -1];
      if (target === undefined || !isJsonObject(entity)) continue;
      const typename = target['__typename'];
      mergeInto(target, isCopied ? copyOf(entity) : entity);
      if (target['__typename'] !== typename && isConcrete(typename)) target['__typename'] = typename;
    }
  }

  /** Every place in the response that the representation with this index stands for. They are looked for once, however many errors there are. */
  placesOf(index: string | number | undefined): Places {
    this.places ??= Map.groupBy(this.targets.places(), (_, position) => this.indexes[position] ?? -1);
    return this.places.get(Number(index)) ?? [];
  }

  /** The objects that lack something that the subgraph requires. */
  incomplete(): Targets {
    const isLeft = (_: unknown, position: number) => this.indexes[position] === -1;
    return { objects: this.targets.objects.filter(isLeft), places: () => this.targets.places().filter(isLeft) };
  }
}
