import { expect, test } from 'vitest';
import { namesOf, type Taken } from './names.ts';

const nothing: Taken = { folders: [], coordinates: new Map(), prefixes: new Set() };

test('everything that depends on the name follows from it', () => {
  expect(namesOf('wishlist', nothing)).toEqual({
    name: 'wishlist',
    Name: 'Wishlist',
    NAME: 'WISHLIST',
    names: 'wishlists',
    Names: 'Wishlists',
    prefix: 'wis',
  });
});

test.each([
  ['gallery', 'galleries'],
  ['survey', 'surveys'],
  ['box', 'boxes'],
  ['business', 'businesses'],
])('many of %s are %s', (name, names) => {
  expect(namesOf(name, nothing).names).toBe(names);
});

test('a prefix that is taken is passed over for the next letters', () => {
  expect(namesOf('wishlist', { ...nothing, prefixes: new Set(['wis', 'wih']) }).prefix).toBe('wil');
  const every = [...'ab'].flatMap((second) => [...'abc'].map((third) => `a${second}${third}`));
  expect(() => namesOf('abc', { ...nothing, prefixes: new Set(every) })).toThrow(/every prefix for its ids is taken/);
});

test.each([
  ['Wishlist', /one word of 3 to 30 lower-case letters/],
  ['wish/list', /one word/],
  ['../wishlist', /one word/],
  ['wish-list', /one word/],
  ['wish list', /one word/],
  ['1wish', /begins with a letter/],
  ['wl', /3 to 30/],
  ['w'.repeat(31), /3 to 30/],
  ['', /one word/],
  ['gateway', /that word is reserved/],
  ['postgres', /reserved/],
  ['constructor', /reserved|one word|cannot/],
  ['delete', /reserved/],
  ['orders', /there is one of that name already/],
  ['review', /the subgraph reviews has Review already/],
  ['product', /the subgraph products has Query\.product already/],
])('%j is refused with why', (name, message) => {
  const taken: Taken = {
    folders: ['orders'],
    coordinates: new Map([
      ['Review', 'reviews'],
      ['Query.product', 'products'],
    ]),
    prefixes: new Set(),
  };
  expect(() => namesOf(name, taken)).toThrow(message);
  expect(() => namesOf(name, taken)).toThrow(
    expect.objectContaining({ code: 'WRONG_NAME', remedy: expect.stringContaining('npm run new:subgraph') }),
  );
});
