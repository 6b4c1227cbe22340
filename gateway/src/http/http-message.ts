import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';

/** A request as routes see it. */
export interface HttpRequest {
  /** Identifies it in log lines, errors and calls to subgraphs. */
  readonly id: string;
  readonly method: string;
  /** The query of the address with its question mark; empty without one. */
  readonly search: string;
  readonly headers: IncomingHttpHeaders;
  /** Of the client, as far as it is known. */
  readonly address: string;
  /** The JSON that was sent; undefined when nothing was. */
  readonly body: unknown;
  /** Tells whether the client is still there. Only the server writes to it. */
  readonly response: ServerResponse;
}

/** What a route answers. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | Readable;
}

/** Answers the requests for one path; what it throws is answered with its code. */
export type Handler = (request: HttpRequest) => Promise<HttpAnswer>;
