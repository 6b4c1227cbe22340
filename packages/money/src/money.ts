import { currencyExponent, isCurrencyCode } from './currency.ts';

/** An exact amount: whole minor units (cents) of one currency, |minor| ≤ 2^53 − 1. */
export interface Money {
  readonly minor: number;
  readonly currency: string;
}

/** Builds a {@link Money}. @throws {RangeError} naming what is wrong when minor is not a safe integer or the code is malformed. */
export function money(minor: number, currency: string): Money {
  if (!Number.isSafeInteger(minor)) throw new RangeError(`minor must be a safe integer, was ${minor}`);
  if (!isCurrencyCode(currency)) throw new RangeError(`currency must be an ISO 4217 code, was ${currency}`);
  return { minor, currency };
}

/** Sum of amounts of one currency; zero of `currency` for none. @throws {RangeError} on mixed currencies or overflow. */
export function sumMoney(amounts: readonly Money[], currency: string): Money {
  return money(
    amounts.reduce((total, amount) => total + inCurrency(amount, currency), 0),
    currency,
  );
}

/** `left − right`. @throws {RangeError} on different currencies. */
export function subtractMoney(left: Money, right: Money): Money {
  return money(left.minor - inCurrency(right, left.currency), left.currency);
}

/** An amount times a whole quantity. */
export function multiplyMoney(amount: Money, quantity: number): Money {
  return money(amount.minor * quantity, amount.currency);
}

/** The amount as a decimal string with the currency's digits: 1290 EUR → "12.90", 1290 JPY → "1290". */
export function toDecimal({ minor, currency }: Money): string {
  const exponent = currencyExponent(currency);
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  const fraction = exponent === 0 ? '' : `.${digits.slice(-exponent)}`;
  return `${minor < 0 ? '-' : ''}${whole}${fraction}`;
}

function inCurrency(amount: Money, currency: string): number {
  if (amount.currency !== currency) throw new RangeError(`cannot mix ${amount.currency} with ${currency}`);
  return amount.minor;
}
