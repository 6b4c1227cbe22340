import { createServer, type ServerHttp2Session } from 'node:http2';
import { AppError } from '@app/errors';
import { Code, ConnectError, type ConnectRouter, type Interceptor } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { takeContext } from './request-context.ts';
import { verifyingInterceptor } from './signing.ts';

/** What a server answers, and to whom. */
export interface RpcServerOptions {
  /** Name of this service: the audience it accepts. */
  readonly name: string;
  /** Key of calls to this service. */
  readonly key: string;
  /** Registers the implementations. */
  readonly routes: (router: ConnectRouter) => void;
  /** Told of every fault that is not the caller's. */
  readonly onError?: (error: unknown) => void;
}

/** A running gRPC server. */
export interface RpcServer {
  readonly port: number;
  /** Lets calls in flight finish, then closes. Safe to call twice. */
  close(): Promise<void>;
}

/** Serves gRPC over HTTP/2 without TLS (inside the cluster's network; every call is signed). 0 takes a free port. */
export async function startRpcServer(options: RpcServerOptions, port: number): Promise<RpcServer> {
  const interceptors = [
    takeContext,
    faultInterceptor(options.onError ?? (() => undefined)),
    verifyingInterceptor({ audience: options.name, key: options.key }),
  ];
  const server = createServer(
    connectNodeAdapter({ routes: options.routes, interceptors, readMaxBytes: 4 * 1024 * 1024, maxTimeoutMs: 30_000 }),
  );
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => resolve());
  });
  let closing: Promise<void> | undefined;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const session of sessions) session.close();
    });
  const address = server.address();
  return { port: typeof address === 'object' && address ? address.port : port, close: () => (closing ??= stop()) };
}

/** Known faults go out with their code, unknown ones as `internal` without their text. */
function faultInterceptor(onError: (error: unknown) => void): Interceptor {
  return (next) => async (request) => {
    try {
      return await next(request);
    } catch (error) {
      if (error instanceof ConnectError) throw error;
      if (error instanceof AppError && error.code === 'BAD_USER_INPUT') throw new ConnectError(error.message, Code.InvalidArgument);
      onError(error);
      throw new ConnectError('internal error', Code.Internal);
    }
  };
}
