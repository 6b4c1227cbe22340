import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';

/** One POST and what may become of it. */
export interface ExchangeRequest {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  /** From sending to the last byte, in milliseconds: a subgraph that drips bytes gets no more time than one that is silent. */
  readonly deadlineMs: number;
  /** Longer answers are cut off. */
  readonly maxBytes: number;
  readonly signal: AbortSignal | undefined;
}

/** An answer as it came, whatever its status. */
export interface ExchangeAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The deadline passed before the whole answer was there. */
export class ExchangeTimeoutError extends Error {
  override readonly name = 'ExchangeTimeoutError';
}

/** The answer was longer than allowed. */
export class AnswerTooLargeError extends Error {
  override readonly name = 'AnswerTooLargeError';
}

/**
 * Sends a request and collects the answer. Redirects are answers like any other. Written against undici's dispatch interface: `request` and
 * `fetch` build streams and header objects that cost several times what the exchange itself does.
 */
export function exchange(dispatcher: Dispatcher, request: ExchangeRequest): Promise<ExchangeAnswer> {
  return new Promise((resolve, reject) => {
    if (request.signal?.aborted) return reject(request.signal.reason);
    const { path, headers, body } = request;
    dispatcher.dispatch({ method: 'POST', path, headers, body }, new Collector(request, resolve, reject));
  });
}

class Collector implements Dispatcher.DispatchHandler {
  private readonly chunks: Buffer[] = [];
  private size = 0;
  private status = 0;
  private headers: IncomingHttpHeaders = {};
  private controller: Dispatcher.DispatchController | undefined;
  private failure: Error | undefined;
  private readonly timer: NodeJS.Timeout;
  private readonly request: ExchangeRequest;
  private readonly resolve: (answer: ExchangeAnswer) => void;
  private readonly reject: (reason: unknown) => void;

  constructor(request: ExchangeRequest, resolve: (answer: ExchangeAnswer) => void, reject: (reason: unknown) => void) {
    this.request = request;
    this.resolve = resolve;
    this.reject = reject;
    this.timer = setTimeout(this.onDeadline, request.deadlineMs);
    if (request.signal !== undefined) underWayWith(request.signal).add(this);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    // It may have ended while it waited for a connection.
    if (this.failure !== undefined) controller.abort(this.failure);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.status = status;
    this.headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.size += chunk.length;
    if (this.size > this.request.maxBytes) this.fail(new AnswerTooLargeError(`The answer is longer than ${this.request.maxBytes} bytes.`));
    else this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.release();
    const [first] = this.chunks;
    const body = this.chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.chunks, this.size);
    this.resolve({ status: this.status, headers: this.headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.release();
    this.reject(this.failure ?? error);
  }

  private readonly onDeadline = (): void =>
    this.fail(new ExchangeTimeoutError(`There was no whole answer within ${this.request.deadlineMs} ms.`));

  abort(reason: unknown): void {
    this.fail(reason instanceof Error ? reason : new Error('The request was aborted.', { cause: reason }));
  }

  private fail(error: Error): void {
    if (this.failure !== undefined) return;
    this.failure = error;
    this.release();
    this.reject(error);
    this.controller?.abort(error);
  }

  private release(): void {
    clearTimeout(this.timer);
    if (this.request.signal !== undefined) underWayWith(this.request.signal).delete(this);
  }
}

const underWay = new WeakMap<AbortSignal, Set<Collector>>();

/** What ends with a signal. One listener for all: a request makes many exchanges, and a listener costs more to add and remove than a timer. */
function underWayWith(signal: AbortSignal): Set<Collector> {
  const known = underWay.get(signal);
  if (known !== undefined) return known;
  const collectors = new Set<Collector>();
  underWay.set(signal, collectors);
  signal.addEventListener('abort', () => {
    for (const collector of collectors) collector.abort(signal.reason);
  });
  return collectors;
}
