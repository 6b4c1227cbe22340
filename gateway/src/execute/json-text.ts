/** Longer texts are left to `JSON.stringify`, whose fixed cost is then small beside the scan. */
const SCANNED_LENGTH = 48;

/** A string as JSON. Short texts without anything to escape, which most are, only get their quotes. */
export function quote(text: string): string {
  if (text.length > SCANNED_LENGTH) return JSON.stringify(text);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // Control characters, the quote, the backslash and surrogates (which may be unpaired) need care.
    if (code < 0x20 || code === 0x22 || code === 0x5c || (code >= 0xd800 && code <= 0xdfff)) return JSON.stringify(text);
  }
  return `"${text}"`;
}

/** Any value that came from JSON, as JSON. */
export function jsonText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'number':
      // JSON.parse makes an infinite number of 1e999, for which JSON has no text.
      return Number.isFinite(value) ? String(value) : 'null';
    case 'boolean':
      return String(value);
    case 'object':
      return value === null ? 'null' : JSON.stringify(value);
    default:
      return 'null';
  }
}
