import type { Stars } from './blocks.ts';

/** What can stand above, before and after the middle of any review with that many stars. */
interface Frame {
  readonly titles: readonly string[];
  readonly openers: readonly string[];
  readonly closers: readonly string[];
}

export const frames: Readonly<Record<Stars, Frame>> = {
  5: {
    titles: [
      'Exactly right',
      'A keeper',
      'So glad I bought it',
      'Better than expected',
      'Worth it',
      'Could not be happier',
      'Wonderful',
      'Five stars, no hesitation',
      'Would buy again',
      'My favourite purchase this year',
      'Made to last',
      'Highly recommended',
    ],
    openers: [
      'Where to begin?',
      'I rarely write reviews, but this deserves one.',
      'Short version: buy it.',
      'Three months in, time for a verdict.',
      'What a find.',
      'My second purchase from this brand, and again a good one.',
    ],
    closers: [
      'Highly recommended.',
      'I would buy it again tomorrow.',
      'Thank you for making something this good.',
      'Five well-deserved stars.',
      'Ten out of ten.',
      'I have already recommended it to friends.',
      'No regrets.',
    ],
  },
  4: {
    titles: [
      'Very good',
      'Nearly perfect',
      'Happy with it',
      'Good value',
      'Solid choice',
      'Pleased',
      'Good, with one small flaw',
      'Does what it promises',
      'Would recommend',
      'A good buy',
    ],
    openers: [
      'I have had it for about two months now.',
      'Four stars from me.',
      'Good overall.',
      'After some weeks of use:',
      'Ordered after a long search.',
    ],
    closers: [
      'Still a clear recommendation.',
      'Otherwise very good.',
      'I would order it again.',
      'A small thing, and I can live with it.',
      'All in all I am happy.',
    ],
  },
  3: {
    titles: [
      'All right',
      'Average',
      'Mixed feelings',
      'Okay for the price',
      'Neither here nor there',
      'Fine, not great',
      'Expected a bit more',
      'It does the job',
    ],
    openers: ['Hm.', 'Hard to rate.', 'Good and bad in equal parts.', 'I am undecided.', 'Three stars seems fair.'],
    closers: [
      'Three stars, then.',
      'Perhaps the next version will be better.',
      'Decide for yourself.',
      'It depends on what you need.',
      'Acceptable.',
    ],
  },
  2: {
    titles: [
      'Disappointing',
      'Not convinced',
      'Expected more',
      'Below average',
      'Not for me',
      'A pity',
      'Could be so much better',
      'Not worth the price',
    ],
    openers: [
      'Sadly not what I had hoped for.',
      'I had read so many good things.',
      'I tried to like it.',
      'A disappointment.',
      'Not good.',
    ],
    closers: [
      'Two stars, for the looks.',
      'I cannot recommend it as it is.',
      'I would not buy it again.',
      'There must be better ones.',
      'A shame.',
    ],
  },
  1: {
    titles: ['Do not buy', 'Terrible', 'Broken within weeks', 'Sent back', 'Waste of money', 'Very poor', 'Never again', 'Awful'],
    openers: ['Where do I start?', 'I am really annoyed.', 'A warning to everyone.', 'This was a bad joke.', 'Save yourself the trouble.'],
    closers: [
      'One star is one too many.',
      'I want my money back.',
      'Keep your hands off it.',
      'Never again.',
      'A complete disappointment.',
    ],
  },
};
