import type { Voices } from '../catalogue/spec.ts';
import { at, type Random } from '../core/random.ts';
import { reviewBlocks } from './blocks/all.ts';
import type { Stars } from './blocks/blocks.ts';
import { frames } from './blocks/frame.ts';

export interface ReviewText {
  readonly title: string | null;
  readonly body: string;
}

/**
 * A review in three layers: the frame that fits the stars, a block that fits the category, and what
 * people praise or complain about in this very kind of product. Stars decide which layers may meet.
 */
export function reviewText(
  random: Random,
  { rating, categorySlug, voices }: { rating: Stars; categorySlug: string; voices: Voices },
): ReviewText {
  const frame = frames[rating];
  const sentences = [
    ...(random.chance(0.22) ? [random.pick(frame.openers)] : []),
    ...middle(random, rating, { block: random.pick(blocksOf(categorySlug, rating)), voices }),
    ...(random.chance(0.35) ? [random.pick(frame.closers)] : []),
  ];
  return { title: random.chance(0.86) ? random.pick(frame.titles) : null, body: sentences.join(' ') };
}

function middle(random: Random, rating: Stars, { block, voices }: { block: string; voices: Voices }): string[] {
  const [pro, otherPro] = random.sample(voices.pros, 2).map(sentence);
  const [con, otherCon] = random.sample(voices.cons, 2);
  const praise = pro ?? '';
  const complaint = con ?? '';
  switch (rating) {
    case 5:
      return random.pick([[block, praise], [praise, block], [block, praise, otherPro ?? ''], [block]]);
    case 4:
      return random.pick([
        [block, praise, `My only complaint: ${complaint}.`],
        [praise, `The one thing: ${complaint}.`, block],
        [block, `I take off a star because ${complaint}.`],
        [praise, block],
      ]);
    case 3:
      return random.pick([
        [block, praise, `On the other hand, ${complaint}.`],
        [block, `What bothers me: ${complaint}.`],
        [praise, `But ${complaint}, and ${otherCon ?? ''}.`, block],
      ]);
    case 2:
      return random.pick([
        [block, random.pick(voices.faults)],
        [`To begin with, ${complaint}.`, block],
        [block, `On top of that, ${complaint}, and ${otherCon ?? ''}.`],
      ]);
    case 1:
      return random.pick([[random.pick(voices.faults), block], [block, random.pick(voices.faults)], [random.pick(voices.faults)]]);
  }
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}

function blocksOf(categorySlug: string, rating: Stars): readonly string[] {
  const blocks = reviewBlocks[categorySlug];
  if (!blocks) throw new RangeError(`no review blocks for category ${categorySlug}`);
  return blocks[rating];
}

/** J-shaped stars: mostly five, few in the middle, a bump at one; `quality` (−1…1) tilts the curve. */
export function starsFor(random: Random, quality: number): Stars {
  const tilt = 1 + quality * 0.55;
  return random.weighted<Stars>([
    [5, 52 * tilt],
    [4, 21 * (1 + quality * 0.2)],
    [3, 9],
    [2, 6 / tilt],
    [1, 12 / tilt],
  ]);
}

/** What the shop writes below a review, by how the customer felt. */
export function replyText(random: Random, rating: Stars): string {
  return rating <= 2 ? random.pick(apologies) : random.pick(thanks);
}

const apologies = [
  'This is not what we want to hear, and you are right to be cross. Please write to us with your order number, and we will put it right.',
  'We are sorry. What you describe is covered by the guarantee: we will send a new one and collect the old one at our cost.',
  'Thank you for telling us. We have passed the details on to the workshop and have written to you about a refund.',
  'That should not have left our warehouse. Our support team has opened a case for you.',
] as const;

const thanks = [
  'Thank you for the kind words and for the hint, which we have passed on to the maker.',
  'We are glad it found a good home. Thank you for taking the time.',
  'Good to hear. If anything ever wears out, spare parts are one message away.',
] as const;

/** A question that customers ask about anything, with an answer that fits whatever the product. */
export interface QuestionText {
  readonly question: string;
  readonly answer: string;
}

/** One of the questions that the product's own data answers. */
export function questionText(
  random: Random,
  product: {
    readonly attributes: readonly { readonly label: string; readonly value: string }[];
    readonly options: readonly { readonly name: string; readonly values: readonly string[] }[];
  },
): QuestionText {
  const value = (label: string): string | undefined => product.attributes.find((attribute) => attribute.label === label)?.value;
  const [option] = product.options;
  const candidates: QuestionText[] = [
    { question: 'Where is it made?', answer: `It is made in ${value('Made in') ?? 'Europe'}.` },
    { question: 'What is it made of, exactly?', answer: `The material is: ${value('Material') ?? 'see the description'}.` },
    { question: 'Is it sent with plastic packaging?', answer: 'No, we pack in cardboard and paper only.' },
    {
      question: 'How long can I send it back if it does not suit me?',
      answer: 'You have thirty days, and the label for the return is in the box.',
    },
  ];
  const care = value('Care');
  if (care) candidates.push({ question: 'How do I clean it?', answer: `${care}.` });
  const guarantee = value('Guarantee');
  if (guarantee)
    candidates.push({ question: 'Is there a guarantee?', answer: `Yes: ${guarantee.charAt(0).toLowerCase()}${guarantee.slice(1)}.` });
  if (option)
    candidates.push({
      question: `Which choices are there for ${option.name.toLowerCase()}?`,
      answer: `There is ${option.values.join(', ')}.`,
    });
  return at(candidates, random.int(0, candidates.length - 1));
}
