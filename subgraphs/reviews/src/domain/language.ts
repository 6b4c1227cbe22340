/** The commonest short words of a language tell it apart well enough to filter by. */
const WORDS: Readonly<Record<string, ReadonlySet<string>>> = {
  en: new Set('the and is it was for with very but not this that have are my'.split(' ')),
  de: new Set('der die das und ist nicht ich es sehr mit ein eine für aber war'.split(' ')),
  fr: new Set('le la les et est pas je très avec un une pour mais des c’est'.split(' ')),
  es: new Set('el la los y es no muy con un una para pero que lo está'.split(' ')),
};

/** The language of a text as a BCP 47 tag: en, de, fr or es; `und` (undetermined, ISO 639-2) when no word gives it away. */
export function languageOf(text: string): string {
  const words = text.toLowerCase().split(/[^\p{L}’]+/u);
  let best = { language: 'und', hits: 0 };
  for (const [language, known] of Object.entries(WORDS)) {
    const hits = words.filter((word) => known.has(word)).length;
    if (hits > best.hits) best = { language, hits };
  }
  return best.language;
}
