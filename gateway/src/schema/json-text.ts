/** Data of an answer that is JSON already: it goes into the response body as it is, without being read and written again. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** For whoever serializes an answer the ordinary way. */
  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}

/** Data that is kept to answer many requests, and with it the bytes of an answer that has nothing else to say. */
export class KeptJsonText extends JsonText {
  private bytes: Buffer | undefined;

  /** Made when it is first asked for. */
  get body(): Buffer {
    this.bytes ??= Buffer.from(`{"data":${this.text}}`);
    return this.bytes;
  }
}

/** The data as objects. */
export function dataOf(data: JsonText | Record<string, unknown> | null): Record<string, unknown> | null {
  return data instanceof JsonText ? (data.toJSON() as Record<string, unknown> | null) : data;
}
