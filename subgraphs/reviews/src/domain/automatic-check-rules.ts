/**
 * What the automatic check looks for: data, to be extended without touching the check. Every repetition in a pattern is
 * bounded, so that no text takes long.
 */
export const patterns = {
  LINK: /https?:\/\/|\bwww\.|[\p{L}\p{N}]\.(?:com|net|org|info|biz|shop|store|online|site|example|io|eu|de|fr|es|ru|cn)\b/iu,
  EMAIL_ADDRESS: /[\w.+-]{1,64}@[\w-]{1,63}\.\w{2,24}/u,
  /** International (+49 …, 0049 …), national (030 1234567) or 555-123-4567. */
  PHONE_NUMBER: /(?:\+|\b00)\d(?:[ ()./-]{0,2}\d){7,13}|\b0\d(?:[ ()./-]{0,2}\d){7,12}\b|\b\d{3}[ .-]\d{3}[ .-]\d{4}\b/u,
  /** The same letter or mark five times: "sooooo", "!!!!!". */
  REPEATED_CHARACTERS: /([\p{L}!?])\1{4}/iu,
} as const;

/** A text with this many letters of which this share is capital shouts. */
export const SHOUTING = { letters: 20, capitals: 0.7 } as const;

/** A text of fewer characters says too little to help anybody. */
export const TOO_SHORT = { characters: 10 } as const;

/** Insults and what only spam is about; compared word by word, lower case. */
export const bannedWords: ReadonlySet<string> = new Set(
  [
    'asshole bastard bitch bullshit cunt fuck fucked fucking motherfucker shit shitty slut whore',
    'arschloch hurensohn scheiße scheiss wichser fotze',
    'connard merde putain salope enculé',
    'cabrón gilipollas mierda puta hijoputa',
    'casino porn viagra cialis',
  ].flatMap((line) => line.split(' ')),
);
