import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { AnswerTooLargeError, type ExchangeAnswer } from './exchange.ts';
import type { SubgraphResponse } from './fetcher.ts';

/** The answer is not a GraphQL response. What it says instead is for the log. */
export class UnreadableAnswerError extends Error {
  override readonly name = 'UnreadableAnswerError';
  /** The HTTP status; undefined when it was looked at already and only the body is to blame. */
  readonly status: number | undefined;

  constructor(message: string, options: ErrorOptions & { readonly status?: number } = {}) {
    super(message, options);
    this.status = options.status;
  }
}

const GRAPHQL_JSON = 'application/graphql-response+json';
const JSON_TYPES = new Set(['application/json', GRAPHQL_JSON]);

const decoders = new Map([
  ['gzip', promisify(gunzip)],
  ['br', promisify(brotliDecompress)],
  ['deflate', promisify(inflate)],
]);

/**
 * The text of an answer that claims to be a GraphQL response.
 * @throws {UnreadableAnswerError} for a redirect, an error status without a GraphQL body, another media type or an unknown encoding.
 * @throws {AnswerTooLargeError} when it is longer than allowed once it is unpacked.
 */
export function answerText({ status, headers, body }: ExchangeAnswer, maxBytes: number): string | Promise<string> {
  const mediaType = mediaTypeOf(String(headers['content-type'] ?? ''));
  if (!JSON_TYPES.has(mediaType)) throw new UnreadableAnswerError(`Status ${status} with media type "${mediaType}".`, { status });
  // With plain JSON an error status says nothing about the body; the GraphQL media type vouches for it (GraphQL over HTTP, 6.4).
  const isVouchedFor = mediaType === GRAPHQL_JSON && status >= 400;
  if ((status < 200 || status > 299) && !isVouchedFor) throw new UnreadableAnswerError(`Status ${status}.`, { status });
  const encoding = headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return body.toString('utf8');
  const decode = decoders.get(String(encoding));
  if (decode === undefined) throw new UnreadableAnswerError(`Unknown content encoding "${String(encoding)}".`);
  return decode(body, { maxOutputLength: maxBytes }).then(
    (decoded) => decoded.toString('utf8'),
    (cause: NodeJS.ErrnoException) => {
      throw cause.code === 'ERR_BUFFER_TOO_LARGE'
        ? new AnswerTooLargeError(`The answer is longer than ${maxBytes} bytes.`, { cause })
        : cause;
    },
  );
}

function mediaTypeOf(contentType: string): string {
  const end = contentType.indexOf(';');
  return (end === -1 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
}

/**
 * Reads a GraphQL response. Each call makes objects of its own, so that executions which share a text never see each other's changes.
 * @throws {UnreadableAnswerError} when it is no JSON object with `data` or `errors`.
 */
export function parseAnswer(text: string): SubgraphResponse {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch (cause) {
    throw new UnreadableAnswerError('The answer is no JSON.', { cause });
  }
  if (typeof answer !== 'object' || answer === null || !(Object.hasOwn(answer, 'data') || Object.hasOwn(answer, 'errors'))) {
    throw new UnreadableAnswerError('The answer is no GraphQL response.');
  }
  return answer;
}
