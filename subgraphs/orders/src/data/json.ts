import { Prisma } from './client/client.ts';

/** A postal address as it is stored. */
export interface StoredAddress {
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

/** Written by us alone, so what comes out has the shape that went in. */
export function readJson<Shape>(value: Prisma.JsonValue | null): Shape | null {
  return value as Shape | null;
}

/** Plain data as Prisma wants to store it. */
export function toJson(value: object): Prisma.InputJsonValue {
  return value as Prisma.InputJsonValue;
}

/** The same; null is the database's NULL and not JSON's. */
export function toJsonOrNull(value: object | null): Prisma.InputJsonValue | typeof Prisma.DbNull {
  return value === null ? Prisma.DbNull : toJson(value);
}
