/** ISO 4217 minor-unit exponents that are not 2. Source: ISO 4217 list one (2026-01). */
const exponents: Readonly<Record<string, number>> = {
  BHD: 3,
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  IQD: 3,
  ISK: 0,
  JOD: 3,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  PYG: 0,
  RWF: 0,
  TND: 3,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
};

/** True for three upper-case letters: the form of an ISO 4217 code. */
export function isCurrencyCode(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Z]{3}$/.test(value);
}

/** Digits after the point of a currency: 2 unless ISO 4217 says otherwise (JPY 0, KWD 3). */
export function currencyExponent(currency: string): number {
  return exponents[currency] ?? 2;
}
