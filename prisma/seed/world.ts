import { collectionRows } from './catalogue/collections.ts';
import { productsOf } from './catalogue/products.ts';
import type { CollectionRow, ProductRow } from './catalogue/rows.ts';
import { ordersOf } from './orders/generate.ts';
import { type DeliveredLine, purchasedItems } from './orders/purchases.ts';
import { type ReservationRow, reservationsOf } from './orders/reservations.ts';
import type { OrderRow } from './orders/rows.ts';
import { demoPeople } from './people/demo-logins.ts';
import { peopleOf } from './people/generate.ts';
import type { PersonRow } from './people/rows.ts';
import { reviewsOf } from './reviews/generate.ts';
import { questionsOf } from './reviews/questions.ts';
import type { QuestionRow, ReviewRow } from './reviews/rows.ts';

/** The random seed of the demo shop. Change it and every id changes with it. */
export const DEFAULT_SEED = 'supergraph';

/**
 * One town of the demo world. The default shop is town 0; `--scale N` has N towns that share categories
 * and collections but nothing else, so data of any size is made and written one town at a time.
 * Every part is made on first use and kept as long as the town is.
 */
export interface Town {
  readonly index: number;
  people(): readonly PersonRow[];
  products(): readonly ProductRow[];
  collections(): readonly CollectionRow[];
  orders(): readonly OrderRow[];
  reservations(): readonly ReservationRow[];
  purchases(): readonly DeliveredLine[];
  reviews(): readonly ReviewRow[];
  questions(): readonly QuestionRow[];
}

/** The towns of a world of the given scale, each made when it is reached. @throws {RangeError} when scale is no positive integer. */
export function* towns(scale: number, seed: string = DEFAULT_SEED): Generator<Town> {
  if (!Number.isSafeInteger(scale) || scale < 1) throw new RangeError(`scale must be a positive whole number, was ${scale}`);
  for (let index = 0; index < scale; index += 1) yield town(seed, index);
}

function town(seed: string, index: number): Town {
  const people = once(() => peopleOf(seed, index));
  const products = once(() => productsOf(seed, index));
  const orders = once(() => ordersOf(seed, index, { people: people(), products: products() }));
  const purchases = once(() => purchasedItems(orders()));
  const merchant = merchantPerson();
  return {
    index,
    people,
    products,
    collections: once(() => collectionRows(seed, index, products())),
    orders,
    reservations: once(() => reservationsOf(orders())),
    purchases,
    reviews: once(() =>
      reviewsOf(seed, index, { people: people(), products: products(), purchases: purchases(), merchantId: merchant.id }),
    ),
    questions: once(() => questionsOf(seed, index, { people: people(), products: products(), merchant })),
  };
}

/** The moderator answers for the shop in every town. */
function merchantPerson(): PersonRow {
  const person = demoPeople().find(({ email }) => email === 'moderator@example.com');
  if (!person) throw new RangeError('there is no moderator among the demo logins');
  return person;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
