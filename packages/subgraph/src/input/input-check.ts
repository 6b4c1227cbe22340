import { inputError, type UserError } from '../types/user-error.type.ts';
import { UserFault } from '../user-fault.ts';

type Path = readonly (string | number)[];

/** Bounds of a text in Unicode code points, after trimming. */
export interface TextRule {
  readonly min?: number;
  readonly max: number;
  /** Line breaks and tabs are allowed. */
  readonly multiline?: boolean;
  readonly pattern?: { readonly regex: RegExp; readonly hint: string };
}

/** Collects everything that is wrong with an input, so that a form hears all of it at once. */
export class InputCheck {
  private readonly errors: UserError[] = [];

  /** Trimmed, NFC-normalised text within its bounds; control characters and lone surrogates are refused (Postgres cannot store U+0000). */
  text(value: string, path: Path, rule: TextRule): string {
    const text = value.normalize('NFC').trim();
    const length = [...text].length;
    const min = rule.min ?? 1;
    if (!text.isWellFormed() || forbidden(text, rule.multiline ?? false))
      this.add(path, 'INVALID_CHARACTERS', 'Remove control characters.');
    else if (length < min)
      this.add(path, length === 0 ? 'REQUIRED' : 'TOO_SHORT', length === 0 ? 'Fill this in.' : `Write at least ${min} characters.`);
    else if (length > rule.max) this.add(path, 'TOO_LONG', `Write at most ${rule.max} characters; these are ${length}.`);
    else if (rule.pattern && !rule.pattern.regex.test(text)) this.add(path, 'INVALID', rule.pattern.hint);
    return text;
  }

  /** As {@link InputCheck.text}; null, undefined and blank become null. */
  optionalText(value: string | null | undefined, path: Path, rule: TextRule): string | null {
    if (value == null || value.trim() === '') return null;
    return this.text(value, path, { ...rule, min: rule.min ?? 1 });
  }

  /** A whole number within bounds. */
  integer(value: number, path: Path, { min, max }: { min: number; max: number }): number {
    if (!Number.isInteger(value) || value < min || value > max)
      this.add(path, 'OUT_OF_RANGE', `Give a whole number from ${min} to ${max}.`);
    return value;
  }

  /** A list with a bounded number of items. */
  list<Item>(items: readonly Item[], path: Path, { min = 1, max }: { min?: number; max: number }): readonly Item[] {
    if (items.length < min) this.add(path, 'TOO_FEW', `Give at least ${min}.`);
    if (items.length > max) this.add(path, 'TOO_MANY', `Give at most ${max}; these are ${items.length}.`);
    return items;
  }

  /** Adds a finding of the caller's own. */
  add(path: Path, code: string, message: string): void {
    this.errors.push(inputError(path, code, message));
  }

  /** Adds the finding when the condition does not hold. */
  require(condition: boolean, path: Path, code: string, message: string): void {
    if (!condition) this.add(path, code, message);
  }

  /** @throws {UserFault} with all findings, when there are any. */
  finish(): void {
    if (this.errors.length > 0) throw new UserFault(...this.errors);
  }
}

/** C0 controls and DEL; tab, line feed and carriage return pass where the text may have several lines. */
function forbidden(text: string, multiline: boolean): boolean {
  return [...text].some((character) => {
    const code = character.codePointAt(0) ?? 0;
    return (code < 0x20 || code === 0x7f) && !(multiline && (code === 9 || code === 10 || code === 13));
  });
}
