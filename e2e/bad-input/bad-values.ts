import { type GraphQLInputType, isEnumType, isInputObjectType, isListType, isNonNullType, isScalarType } from 'graphql';

/** A value for an argument, and where it stands in it when it is one bad part of a good whole. */
export interface BadCase {
  readonly value: unknown;
  readonly what: string;
}

const nothing = `${'0'.repeat(12)}7${'0'.repeat(3)}8${'0'.repeat(14)}1`;

/** What stands in places whose name says more than their type, so that only the bad place is refused and not its neighbours. */
const byName: Readonly<Record<string, unknown>> = {
  email: 'nobody@example.net',
  password: 'a plausible password',
  current: 'a plausible password',
  next: 'another plausible password',
  locale: 'en-GB',
  slug: 'plausible-slug',
  countryCode: 'DE',
  postalCode: '20259',
  phone: '+49 40 5550123',
  key: 'plausible-key',
  idempotencyKey: 'plausible-key-0001',
  productId: `prd_${nothing}`,
  categoryId: `cat_${nothing}`,
  variantId: `var_${nothing}`,
  locationId: `loc_${nothing}`,
  reviewId: `rev_${nothing}`,
  questionId: `qst_${nothing}`,
  cartId: `crt_${nothing}`,
  orderId: `ord_${nothing}`,
  paymentId: `pay_${nothing}`,
  lineId: `oli_${nothing}`,
};

/** Something of the right shape for any input type, naming nothing that exists. */
export function plausible(type: GraphQLInputType, name = ''): unknown {
  if (isNonNullType(type)) return plausible(type.ofType, name);
  if (isListType(type)) return [plausible(type.ofType, name)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    return Object.fromEntries(Object.values(type.getFields()).map((field) => [field.name, plausible(field.type, field.name)]));
  }
  const scalars: Readonly<Record<string, unknown>> = {
    ID: `xyz_${nothing}`,
    Int: 1,
    Float: 1,
    Boolean: false,
    MinorUnits: 100,
    CurrencyCode: 'EUR',
    DateTime: '2026-11-20T12:00:00.000Z',
    Decimal: '1.00',
  };
  return byName[name] ?? (isScalarType(type) && type.name in scalars ? scalars[type.name] : 'plausible text');
}

/** Every way in which one place of an argument can be wrong, the rest of it being plausible. */
export function badCases(type: GraphQLInputType, name = ''): BadCase[] {
  if (isNonNullType(type)) return [{ value: null, what: 'null' }, ...badCases(type.ofType, name)];
  if (isListType(type)) {
    const long = Array.from({ length: 2_000 }, () => plausible(type.ofType, name));
    return [
      { value: [], what: '[]' },
      { value: long, what: '2,000 items' },
      ...badCases(type.ofType, name).map(({ value, what }) => ({ value: [value], what: `[${what}]` })),
    ];
  }
  if (isInputObjectType(type)) {
    const whole = plausible(type) as Record<string, unknown>;
    const fields = Object.values(type.getFields()).flatMap((field) =>
      badCases(field.type, field.name).map(({ value, what }) => ({
        value: { ...whole, [field.name]: value },
        what: `${field.name}: ${what}`,
      })),
    );
    return [{ value: {}, what: '{}' }, { value: 'text', what: 'a text for an object' }, ...fields];
  }
  if (isEnumType(type))
    return [
      { value: 'NO_SUCH_VALUE', what: 'unknown enum value' },
      { value: 7, what: 'a number for an enum' },
    ];
  return leafCases(type.toString());
}

function leafCases(name: string): BadCase[] {
  if (name === 'Boolean') return [{ value: 'yes', what: 'a text for a boolean' }];
  if (name === 'Int' || name === 'Float' || name === 'MinorUnits') return numbers.map((value) => ({ value, what: JSON.stringify(value) }));
  return [...texts, { value: { a: 1 }, what: 'an object for a text' }, { value: 12, what: 'a number for a text' }];
}

const numbers: readonly unknown[] = [0, -1, 1.5, 2_147_483_647, 2_147_483_648, 9_007_199_254_740_992, -9_007_199_254_740_991, '1', true];

const texts: readonly BadCase[] = [
  { value: '', what: 'empty' },
  { value: ' \t\n', what: 'blank' },
  { value: 'x'.repeat(20_000), what: '20,000 characters' },
  { value: 'a\u0000b', what: 'U+0000' },
  { value: 'a\ud800b', what: 'half a surrogate pair' },
  { value: "'; DROP TABLE account; --", what: 'SQL' },
  { value: '../../etc/passwd', what: 'a path' },
  { value: 'prd_00000000000000000000000000000000', what: 'an id of another kind' },
];
