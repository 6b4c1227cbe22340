/** A row of the rate card. */
export interface ShippingRate {
  readonly id: string;
  readonly country: string;
  readonly methodName: string;
  readonly currency: string;
  readonly maxGrams: number;
  readonly priceMinor: number;
  readonly minDays: number;
  readonly maxDays: number;
}

/** A way to send a parcel, with its arrival if it is ordered now. */
export interface ShippingChoice {
  readonly id: string;
  readonly name: string;
  readonly priceMinor: number;
  readonly earliest: Date;
  readonly latest: Date;
}

const dayMs = 86_400_000;

/**
 * Ways to send a weight to a country: of each method the lightest rate that carries it; cheapest first.
 * A country without rates of its own has those of `*`.
 */
export function shippingChoices(
  rates: readonly ShippingRate[],
  to: { country: string; currency: string; grams: number; now: Date },
): ShippingChoice[] {
  const here = rates.some((rate) => rate.country === to.country) ? to.country : '*';
  const byMethod = new Map<string, ShippingRate>();
  for (const rate of rates) {
    if (rate.country !== here || rate.currency !== to.currency || rate.maxGrams < to.grams) continue;
    const known = byMethod.get(rate.methodName);
    if (!known || rate.maxGrams < known.maxGrams) byMethod.set(rate.methodName, rate);
  }
  return [...byMethod.values()]
    .sort((left, right) => left.priceMinor - right.priceMinor || (left.id < right.id ? -1 : 1))
    .map((rate) => ({
      id: rate.id,
      name: rate.methodName,
      priceMinor: rate.priceMinor,
      earliest: new Date(to.now.getTime() + rate.minDays * dayMs),
      latest: new Date(to.now.getTime() + rate.maxDays * dayMs),
    }));
}

/** The choice of the same method as a rate chosen earlier: a heavier parcel keeps its method at another price. */
export function sameMethod(
  rates: readonly ShippingRate[],
  choices: readonly ShippingChoice[],
  rateId: string | null,
): ShippingChoice | null {
  const chosen = rates.find((rate) => rate.id === rateId);
  return choices.find((choice) => choice.name === chosen?.methodName) ?? null;
}
