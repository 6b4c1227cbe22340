import type { ProductRow } from '../catalogue/rows.ts';
import { DAY_MS, earlier, HOUR_MS, plus, SEED_NOW, SEED_YEAR_START } from '../core/calendar.ts';
import { seedId } from '../core/ids.ts';
import { type Random, randomFor } from '../core/random.ts';
import { type WeightedPicker, weightedPicker } from '../core/weighted-picker.ts';
import type { DeliveredLine } from '../orders/purchases.ts';
import type { PersonRow } from '../people/rows.ts';
import type { ReplyRow, ReviewRow, ReviewStatus, VoteRow } from './rows.ts';
import { replyText, reviewText, starsFor } from './text.ts';

export const REVIEWS_PER_TOWN = 6_000;
const VERIFIED_PER_TOWN = REVIEWS_PER_TOWN * 0.7;

export interface ReviewWorld {
  readonly people: readonly PersonRow[];
  readonly products: readonly ProductRow[];
  readonly purchases: readonly DeliveredLine[];
  /** Who answers for the shop. */
  readonly merchantId: string;
}

/** Somebody about to write about something, with the purchase behind it if there is one. */
interface Occasion {
  readonly author: PersonRow;
  readonly product: ProductRow;
  readonly purchase: DeliveredLine | null;
}

/** The reviews of one town: 70 % by people who received the product, at most one per person and product. */
export function reviewsOf(seed: string, town: number, world: ReviewWorld): ReviewRow[] {
  const random = randomFor(`${seed}/occasions/${town}`);
  const occasions = [...verifiedOccasions(random, world), ...otherOccasions(random, world)];
  return occasions.map((occasion) => review({ seed, town, world, occasion }));
}

function verifiedOccasions(random: Random, { people, products, purchases }: ReviewWorld): Occasion[] {
  if (purchases.length < VERIFIED_PER_TOWN)
    throw new RangeError(`${purchases.length} purchases cannot verify ${VERIFIED_PER_TOWN} reviews`);
  const authors = new Map(people.map((person) => [person.id, person]));
  const byId = new Map(products.map((product) => [product.id, product]));
  return random.sample(purchases, VERIFIED_PER_TOWN).map((purchase) => {
    const author = authors.get(purchase.buyerId);
    const product = byId.get(purchase.productId);
    if (!author || !product) throw new RangeError(`purchase in ${purchase.orderId} names somebody or something unknown`);
    return { author, product, purchase };
  });
}

/** People who bought elsewhere, or got it as a present: pairs without any purchase here. */
function otherOccasions(random: Random, { people, products, purchases }: ReviewWorld): Occasion[] {
  const taken = new Set(purchases.map(({ buyerId, productId }) => `${buyerId}/${productId}`));
  const authors: WeightedPicker<PersonRow> = weightedPicker(people, ({ appetite }) => appetite);
  const subjects: WeightedPicker<ProductRow> = weightedPicker(products, ({ popularity }) => popularity);
  const found: Occasion[] = [];
  while (found.length < REVIEWS_PER_TOWN - VERIFIED_PER_TOWN) {
    const author = authors.pick(random);
    const product = subjects.pick(random);
    const key = `${author.id}/${product.id}`;
    if (taken.has(key)) continue;
    taken.add(key);
    found.push({ author, product, purchase: null });
  }
  return found;
}

function review({ seed, town, world, occasion }: { seed: string; town: number; world: ReviewWorld; occasion: Occasion }): ReviewRow {
  const { author, product, purchase } = occasion;
  const key = `${author.id}/${product.id}`;
  const random = randomFor(`${seed}/review/${town}/${key}`);
  const rating = starsFor(random, product.quality);
  const createdAt = writtenAt(random, occasion);
  const status = statusFor(random, createdAt);
  const isPublic = status === 'PUBLISHED';
  return {
    id: seedId('rev', key, createdAt),
    productId: product.id,
    authorId: author.id,
    authorName: author.displayName,
    rating,
    ...reviewText(random, { rating, categorySlug: product.categorySlug, voices: product.voices }),
    language: 'en',
    status,
    verified: purchase !== null,
    orderId: purchase?.orderId ?? null,
    moderationReason: status === 'REJECTED' ? random.pick(['OFF_TOPIC', 'SPAM']) : status === 'HIDDEN' ? 'REPORTED' : null,
    createdAt,
    votes: isPublic ? votes(random, { world, author, createdAt }) : [],
    reply: isPublic ? reply(random, { world, rating, createdAt }) : null,
  };
}

/** A buyer writes some days after the parcel; anybody else at any moment at which both exist. */
function writtenAt(random: Random, { author, product, purchase }: Occasion): Date {
  const latest = plus(SEED_NOW, -HOUR_MS / 2 - random.next() * 6 * HOUR_MS);
  if (purchase)
    return earlier(
      plus(purchase.deliveredAt, (0.02 + random.next() ** 2 * 30) * DAY_MS),
      latest > purchase.deliveredAt ? latest : plus(purchase.deliveredAt, HOUR_MS / 4),
    );
  const start = Math.max(SEED_YEAR_START.getTime(), author.createdAt.getTime(), product.createdAt.getTime());
  return new Date(Math.round(start + random.next() * (latest.getTime() - start)));
}

/** Nearly everything is public; what is a few days old may still be waiting for a moderator. */
function statusFor(random: Random, createdAt: Date): ReviewStatus {
  const isRecent = SEED_NOW.getTime() - createdAt.getTime() < 6 * DAY_MS;
  if (isRecent)
    return random.weighted([
      ['PUBLISHED', 60],
      ['PENDING', 40],
    ] as const);
  return random.weighted([
    ['PUBLISHED', 990],
    ['REJECTED', 6],
    ['HIDDEN', 4],
  ] as const);
}

function votes(random: Random, { world, author, createdAt }: { world: ReviewWorld; author: PersonRow; createdAt: Date }): VoteRow[] {
  const count = random.weighted([
    [0, 55],
    [1, 18],
    [2, 10],
    [4, 9],
    [8, 5],
    [15, 2],
    [25, 1],
  ] as const);
  const room = SEED_NOW.getTime() - createdAt.getTime();
  return random
    .sample(world.people, count)
    .filter(({ id }) => id !== author.id)
    .map(({ id }) => ({ voterId: id, value: random.chance(0.86) ? 'HELPFUL' : 'NOT_HELPFUL', at: plus(createdAt, random.next() * room) }));
}

function reply(
  random: Random,
  { world, rating, createdAt }: { world: ReviewWorld; rating: ReviewRow['rating']; createdAt: Date },
): ReplyRow | null {
  if (!random.chance(rating <= 2 ? 0.35 : 0.04)) return null;
  const at = plus(createdAt, (0.2 + random.next() * 3) * DAY_MS);
  return at < SEED_NOW ? { authorId: world.merchantId, body: replyText(random, rating), createdAt: at } : null;
}
