import { expect, test } from 'vitest';
import { checkText, type Finding } from './automatic-check.ts';

const fine = 'It does what it should, and it still does after a year.';

test.each<[string, string, Finding[]]>([
  ['an honest text', fine, []],
  ['numbers, dates and prices', 'Ordered on 02.11.2026 for 1,299.00 €, size 10000 mm, article 4711-0815.', []],
  ['a few capitals', 'The USB plug of my TV is OK', []],
  ['a short shout', 'SO GOOD, thanks', []],
  ['a sentence without a space after its end', 'It broke.Don’t buy it again', []],
  ['an address with a scheme', 'See http://x.y/z for more', ['LINK']],
  ['an address with www', 'See WWW.cheap-things for more', ['LINK']],
  ['a bare domain', 'Buy at cheap.example instead', ['LINK']],
  ['a full-width address', 'Buy at ｃｈｅａｐ．ｃｏｍ instead', ['LINK']],
  ['a mail address', 'Write to ann.smith+shop@mail.test please', ['EMAIL_ADDRESS']],
  ['a mail address with a known ending', 'Write to ann@mail.com please', ['LINK', 'EMAIL_ADDRESS']],
  ['an international number', 'Call +49 (30) 1234567 for a better price', ['PHONE_NUMBER']],
  ['a national number', 'Call 030/1234567 for a better price', ['PHONE_NUMBER']],
  ['an American number', 'Call 555-123-4567 for a better price', ['PHONE_NUMBER']],
  ['five times the same letter', 'It is sooooo good that I bought two', ['REPEATED_CHARACTERS']],
  ['a row of marks', 'I bought two of them!!!!!', ['REPEATED_CHARACTERS']],
  ['capitals only', 'NEVER EVER BUY THIS THING', ['SHOUTING']],
  ['an insult', 'What a Scheiße, do not buy it', ['BANNED_WORD']],
  ['a word that contains a banned one', 'The shitake knife is sharp, Scunthorpe approves', []],
  ['three words', 'ok ok', ['TOO_SHORT']],
  ['white space around little', '   ok\n\n\n\n        ', ['TOO_SHORT']],
  [
    'everything at once',
    'FUUUUUCK FUCK WWW.X A@B.DE +4930123456789',
    ['LINK', 'EMAIL_ADDRESS', 'PHONE_NUMBER', 'REPEATED_CHARACTERS', 'SHOUTING', 'BANNED_WORD'],
  ],
])('the check of %s', (_, body, findings) => {
  expect(checkText({ title: null, body })).toEqual(findings);
});

test('the title is looked at like the text, but may be short', () => {
  expect(checkText({ title: 'Ok', body: fine })).toEqual([]);
  expect(checkText({ title: 'cheap.example', body: fine })).toEqual(['LINK']);
});

test('the longest hostile texts do not make a pattern go back and forth for minutes', () => {
  for (const unit of ['a', '0', '0 ', '+0-', 'a.', 'a@', '!', 'A ', '.com'])
    checkText({ title: null, body: unit.repeat(5_000 / unit.length) });
});
