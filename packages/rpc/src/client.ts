import { InternalSigner } from '@app/auth';
import { BrokenCircuitError, BulkheadRejectedError, CircuitBreakers } from '@app/circuit-breaker';
import { AppError } from '@app/errors';
import type { DescService } from '@bufbuild/protobuf';
import { type Client, Code, ConnectError, createClient, type Interceptor } from '@connectrpc/connect';
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { sendContext } from './request-context.ts';
import { signingInterceptor } from './signing.ts';

/** Where a service is and how to call it. */
export interface RpcClientOptions {
  /** Name of the receiving service: the audience of the token. */
  readonly audience: string;
  /** Base URL, such as http://localhost:4102. */
  readonly url: string;
  /** Key shared with the receiving service. */
  readonly key: string;
  /** Name of the calling service. */
  readonly caller: string;
  /** Deadline of a call in milliseconds; default 2000. Every call has one. */
  readonly timeoutMs?: number;
  /** Those of the process; circuits of its own unless given. */
  readonly breakers?: CircuitBreakers;
}

/** Typed clients of one service over one gRPC connection. */
export interface RpcConnection {
  client<Service extends DescService>(service: Service): Client<Service>;
  /** Closes the connection; calls in flight fail. */
  close(): void;
}

/** Opens a connection (lazily, kept alive, opened again when it breaks). */
export function connectRpc(options: RpcClientOptions): RpcConnection {
  const sessionManager = new Http2SessionManager(options.url, {
    pingIntervalMs: 10_000,
    pingTimeoutMs: 2_000,
    idleConnectionTimeoutMs: 300_000,
  });
  const transport = createGrpcTransport({
    baseUrl: options.url,
    sessionManager,
    defaultTimeoutMs: options.timeoutMs ?? 2_000,
    interceptors: [
      throughCircuit(options),
      sendContext,
      signingInterceptor(new InternalSigner(options.audience, options.key, options.caller), options.caller),
    ],
  });
  return { client: (service) => createClient(service, transport), close: () => sessionManager.abort() };
}

/** Codes that say that the service is unwell; with every other it has answered. */
const FAULTS: ReadonlySet<Code> = new Set([Code.Unavailable, Code.DeadlineExceeded, Code.Internal, Code.Unknown, Code.ResourceExhausted]);

/** Every unary call goes through one circuit for each pair of services; an open one counts as a service that is away. */
function throughCircuit({ audience, caller, breakers = new CircuitBreakers() }: RpcClientOptions): Interceptor {
  const config = {
    id: `${caller}→${audience}`,
    recoveryTimeoutMs: 1_000,
    timeoutMs: 'own' as const,
    failureThreshold: 10,
    failureShare: 0.5,
  };
  const isFailure = (error: unknown) => FAULTS.has(ConnectError.from(error).code);
  return (next) => async (request) => {
    if (request.stream) return next(request);
    try {
      return await breakers.execute(() => next(request), { ...config, isFailure, signal: request.signal });
    } catch (error) {
      if (error instanceof BrokenCircuitError) throw new ConnectError(`${audience} is left alone for a moment`, Code.Unavailable);
      if (error instanceof BulkheadRejectedError) throw new ConnectError(`too many calls to ${audience}`, Code.ResourceExhausted);
      throw error;
    }
  };
}

/**
 * What a failed call means to the caller: TIMEOUT when the outcome is unknown, DOWNSTREAM_UNAVAILABLE when the service
 * cannot be reached, INTERNAL for the rest.
 */
export function fromRpcError(error: unknown): AppError {
  const { code } = ConnectError.from(error);
  if (code === Code.DeadlineExceeded || code === Code.Canceled || code === Code.Aborted)
    return new AppError('TIMEOUT', undefined, { cause: error });
  if (code === Code.Unavailable || code === Code.ResourceExhausted)
    return new AppError('DOWNSTREAM_UNAVAILABLE', undefined, { cause: error });
  return new AppError('INTERNAL', undefined, { cause: error });
}
