import type { InputCheck, PostalAddressInput } from '@app/subgraph';

/** An address as it is stored, without its place in an address book. */
export interface CheckedPostalAddress {
  readonly name: string;
  readonly company: string | null;
  readonly line1: string;
  readonly line2: string | null;
  readonly city: string;
  readonly region: string | null;
  readonly postalCode: string | null;
  readonly countryCode: string;
  readonly phone: string | null;
}

const country = { max: 2, min: 2, pattern: { regex: /^[A-Z]{2}$/, hint: 'Give a country as two letters, such as DE.' } };
const postalCode = { max: 16, pattern: { regex: /^[A-Za-z0-9 -]+$/, hint: 'Postal codes have letters, digits, blanks and hyphens.' } };
const phone = { max: 32, min: 5, pattern: { regex: /^\+?[0-9 ()./-]+$/, hint: 'Give a phone number such as +49 30 1234567.' } };

/** Checks a postal address. Knows no country's own rules: carriers do. */
export function checkPostalAddress(check: InputCheck, input: PostalAddressInput, path: readonly string[]): CheckedPostalAddress {
  const at = (name: string) => [...path, name];
  return {
    name: check.text(input.name, at('name'), { max: 120 }),
    company: check.optionalText(input.company, at('company'), { max: 120 }),
    line1: check.text(input.line1, at('line1'), { max: 120 }),
    line2: check.optionalText(input.line2, at('line2'), { max: 120 }),
    city: check.text(input.city, at('city'), { max: 80 }),
    region: check.optionalText(input.region, at('region'), { max: 80 }),
    postalCode: check.optionalText(input.postalCode, at('postalCode'), postalCode),
    countryCode: check.text(input.countryCode.toUpperCase(), at('countryCode'), country),
    phone: check.optionalText(input.phone, at('phone'), phone),
  };
}
