/** How an answer in parts is written: as Apollo Router and graphql-js 17.0.0-alpha.2 do, or as graphql-js does since alpha.9. */
export type IncrementalFormat = 'deferSpec=20220824' | 'incrementalSpec=v0.2';

const FORMATS: readonly IncrementalFormat[] = ['incrementalSpec=v0.2', 'deferSpec=20220824'];

/** The format in which the client takes an answer in parts: the first that its `accept` header names; undefined: it wants one piece. */
export function acceptedFormat(accept: string | undefined): IncrementalFormat | undefined {
  if (accept === undefined || !/multipart/i.test(accept)) return undefined;
  for (const range of accept.split(',')) {
    const [type, ...parameters] = range.split(';').map((word) => word.trim().replaceAll('"', ''));
    if (type?.toLowerCase() !== 'multipart/mixed' || parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))) continue;
    const format = FORMATS.find((known) => parameters.includes(known));
    if (format !== undefined) return format;
  }
  return undefined;
}
