import { bannedWords, patterns, SHOUTING, TOO_SHORT } from './automatic-check-rules.ts';
import type { ReviewText } from './review-state.ts';

/** What the automatic check can find in a text. Moderators see the names; the check alone decides nothing. */
export type Finding = 'LINK' | 'EMAIL_ADDRESS' | 'PHONE_NUMBER' | 'REPEATED_CHARACTERS' | 'SHOUTING' | 'BANNED_WORD' | 'TOO_SHORT';

/** Everything in a title and text that a moderator should look at first; each finding once, in the order of {@link Finding}. */
export function checkText({ title, body }: Pick<ReviewText, 'title' | 'body'>): Finding[] {
  const text = `${title ?? ''}\n${body}`.normalize('NFKC');
  const found = (Object.keys(patterns) as (keyof typeof patterns)[]).filter((finding) => patterns[finding].test(text));
  return [
    ...found,
    ...(isShouted(text) ? (['SHOUTING'] as const) : []),
    ...(hasBannedWord(text) ? (['BANNED_WORD'] as const) : []),
    ...(body.trim().length < TOO_SHORT.characters ? (['TOO_SHORT'] as const) : []),
  ];
}

function isShouted(text: string): boolean {
  const capitals = text.match(/\p{Lu}/gu)?.length ?? 0;
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  return letters >= SHOUTING.letters && capitals / letters >= SHOUTING.capitals;
}

function hasBannedWord(text: string): boolean {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .some((word) => bannedWords.has(word));
}
