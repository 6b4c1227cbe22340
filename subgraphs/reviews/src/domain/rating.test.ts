import { expect, test } from 'vitest';
import { languageOf } from './language.ts';
import { ratingAverage, ratingCount, ratingDelta } from './rating.ts';

test('a delta takes off what a review counted and adds what it counts now', () => {
  const three = { rating: 3, isVerified: true };
  expect(ratingDelta(null, three)).toEqual({ stars: [0, 0, 1, 0, 0], verified: 1 });
  expect(ratingDelta(three, null)).toEqual({ stars: [0, 0, -1, 0, 0], verified: -1 });
  expect(ratingDelta(three, { rating: 5, isVerified: false })).toEqual({ stars: [0, 0, -1, 0, 1], verified: -1 });
  expect(ratingDelta(three, { rating: 3, isVerified: false })).toEqual({ stars: [0, 0, 0, 0, 0], verified: -1 });
});

test('there is no delta when nothing changes', () => {
  expect(ratingDelta(null, null)).toBeNull();
  expect(ratingDelta({ rating: 4, isVerified: true }, { rating: 4, isVerified: true })).toBeNull();
});

test('the average is rounded to hundredths and absent without reviews', () => {
  expect(ratingAverage({ stars: [0, 0, 0, 0, 0], verified: 0 })).toBeNull();
  expect(ratingAverage({ stars: [1, 0, 0, 0, 2], verified: 0 })).toBe(3.67);
  expect(ratingCount({ stars: [1, 2, 3, 4, 5], verified: 0 })).toBe(15);
});

test('the language of a text is told by its short words', () => {
  expect(languageOf('It is very good and I use it for the kitchen')).toBe('en');
  expect(languageOf('Ich bin mit der Lampe sehr zufrieden, aber sie ist nicht billig')).toBe('de');
  expect(languageOf('Je suis très content, mais le prix est élevé')).toBe('fr');
  expect(languageOf('La lámpara es muy bonita, pero no funciona con una bombilla')).toBe('es');
  expect(languageOf('👍👍👍')).toBe('und');
});
