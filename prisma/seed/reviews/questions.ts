import type { ProductRow } from '../catalogue/rows.ts';
import { DAY_MS, earlier, HOUR_MS, plus, SEED_NOW, SEED_YEAR_START } from '../core/calendar.ts';
import { seedId } from '../core/ids.ts';
import { type Random, randomFor } from '../core/random.ts';
import type { PersonRow } from '../people/rows.ts';
import type { AnswerRow, QuestionRow } from './rows.ts';
import { questionText } from './text.ts';

export interface QuestionWorld {
  readonly people: readonly PersonRow[];
  readonly products: readonly ProductRow[];
  readonly merchant: PersonRow;
}

/** Questions and answers of one town: about every second product has been asked about. */
export function questionsOf(seed: string, town: number, world: QuestionWorld): QuestionRow[] {
  return world.products.flatMap((product) => {
    const random = randomFor(`${seed}/questions/${town}/${product.slug}`);
    return random.chance(0.5) ? [question(random, product, world)] : [];
  });
}

function question(random: Random, product: ProductRow, world: QuestionWorld): QuestionRow {
  const start = Math.max(product.createdAt.getTime(), SEED_YEAR_START.getTime());
  const createdAt = new Date(Math.round(start + random.next() * (SEED_NOW.getTime() - HOUR_MS - start)));
  const asker = random.pick(world.people.filter((person) => person.createdAt < createdAt && person.appetite > 0));
  const text = questionText(random, product);
  return {
    id: seedId('qst', product.id, createdAt),
    productId: product.id,
    authorId: asker.id,
    authorName: asker.displayName,
    body: text.question,
    createdAt,
    answers: answers(random, { product, createdAt, answer: text.answer, merchant: world.merchant }),
  };
}

function answers(
  random: Random,
  { product, createdAt, answer, merchant }: { product: ProductRow; createdAt: Date; answer: string; merchant: PersonRow },
): AnswerRow[] {
  if (random.chance(0.15)) return [];
  const at = earlier(plus(createdAt, (0.1 + random.next() * 2) * DAY_MS), plus(SEED_NOW, -HOUR_MS / 2));
  return [
    {
      id: seedId('ans', product.id, at),
      authorId: merchant.id,
      authorName: merchant.displayName,
      body: answer,
      fromMerchant: true,
      helpfulCount: random.int(0, 9),
      createdAt: at,
    },
  ];
}
