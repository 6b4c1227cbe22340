/** What a hand-written catalogue consists of; `generate.ts` expands it into rows. */
export interface CategorySpec {
  readonly slug: string;
  readonly name: string;
  readonly leaves: readonly LeafSpec[];
  /** Product lines of the brands sold in this category. */
  readonly lines: readonly LineSpec[];
  readonly families: readonly FamilySpec[];
}

export interface LeafSpec {
  readonly slug: string;
  readonly name: string;
}

export interface LineSpec {
  /** Three capitals, part of the SKU. */
  readonly code: string;
  readonly name: string;
  readonly brand: string;
  readonly origin: string;
  /** Multiplies the price of the type. */
  readonly factor: number;
  /** Second sentence of the description; true of everything the line makes. */
  readonly text: string;
}

/** Five types made by three lines: fifteen products. */
export interface FamilySpec extends Voices {
  readonly code: string;
  readonly leaf: string;
  /** Drawing used for the product's picture. */
  readonly glyph: string;
  /** What a customer calls it in a review, singular or plural as people say it. */
  readonly noun: string;
  readonly lines: readonly [string, string, string];
  readonly axes: readonly AxisSpec[];
  readonly types: readonly [TypeSpec, TypeSpec, TypeSpec, TypeSpec, TypeSpec];
  readonly attributes: Readonly<Record<string, string>>;
  readonly taxCategory?: 'standard' | 'reduced';
}

/** What people say of a product in reviews. */
export interface Voices {
  /** Full sentences without a subject, for people who like it. */
  readonly pros: readonly [string, string, string];
  /** Clauses that follow "my only complaint:", small letters, no full stop. */
  readonly cons: readonly [string, string, ...string[]];
  /** What goes wrong with a bad one, full sentences. */
  readonly faults: readonly [string, string];
}

export interface AxisSpec {
  readonly name: string;
  readonly values: readonly AxisValue[];
}

/** A value with its SKU part and the factor it puts on the price. */
export interface AxisValue {
  readonly value: string;
  readonly code: string;
  readonly factor: number;
}

export interface TypeSpec {
  readonly noun: string;
  /** Euro, tax not included, for the middle size of a line with factor 1. */
  readonly price: number;
  readonly grams: number;
  readonly material: string;
  /** First sentence of the description. */
  readonly text: string;
  /** Where the type is too different for what people say of the family. */
  readonly voices?: Voices;
}

/** An axis of colours; every name must be known to `colours.ts`. */
export function colours(...names: string[]): AxisSpec {
  return {
    name: 'Colour',
    values: names.map((value) => ({
      value,
      code: value
        .replace(/[^A-Za-z]/g, '')
        .slice(0, 4)
        .toUpperCase(),
      factor: 1,
    })),
  };
}

/** An axis of sizes, each `[value, price factor]`. */
export function sizes(name: string, ...values: (readonly [string, number])[]): AxisSpec {
  return { name, values: values.map(([value, factor]) => ({ value, code: value.replace(/[^A-Za-z0-9]/g, '').toUpperCase(), factor })) };
}
