import { type InternalCall, type InternalSigner, type Principal, verifyInternalCall } from '@app/auth';
import { type DescMessage, type MessageShape, toBinary } from '@bufbuild/protobuf';
import { Code, ConnectError, createContextKey, type Interceptor } from '@connectrpc/connect';

/** Who calls, for handlers: `context.values.get(callerKey)`. */
export const callerKey = createContextKey<InternalCall>(
  { issuer: '', principal: { kind: 'anonymous' } },
  { description: 'verified caller' },
);

/** The principal a client call speaks for; the calling service itself unless set. */
export const principalKey = createContextKey<Principal | undefined>(undefined, { description: 'principal of the call' });

/** Signs every unary call: token and signature cover the method and the message. */
export function signingInterceptor(signer: InternalSigner, serviceName: string): Interceptor {
  return (next) => async (request) => {
    if (request.stream) throw new ConnectError('streams are not signed: use unary calls', Code.Unimplemented);
    const principal = request.contextValues.get(principalKey) ?? { kind: 'service', id: serviceName };
    const headers = signer.sign(
      principal,
      signedBytes(request.method.parent.typeName, request.method.name, request.method.input, request.message),
    );
    for (const [name, value] of Object.entries(headers)) request.header.set(name, value);
    return next(request);
  };
}

/**
 * Refuses calls that were not signed for this service.
 * Threat: the port is reached by somebody else, or a captured call is sent with other arguments.
 */
export function verifyingInterceptor(options: { audience: string; key: string }): Interceptor {
  return (next) => async (request) => {
    if (request.stream) throw new ConnectError('streams are not signed: use unary calls', Code.Unimplemented);
    const bytes = signedBytes(request.method.parent.typeName, request.method.name, request.method.input, request.message);
    request.contextValues.set(callerKey, verified(Object.fromEntries(request.header), bytes, options));
    return next(request);
  };
}

function verified(headers: Record<string, string>, bytes: Uint8Array, options: { audience: string; key: string }): InternalCall {
  try {
    return verifyInternalCall(headers, bytes, options);
  } catch {
    throw new ConnectError('only signed internal calls are answered here', Code.Unauthenticated);
  }
}

/** Protobuf-ES writes fields in the order of their numbers, so both ends get the same bytes from the same message. */
function signedBytes<Input extends DescMessage>(service: string, method: string, input: Input, message: MessageShape<Input>): Uint8Array {
  return Buffer.concat([Buffer.from(`${service}/${method}\n`), toBinary(input, message)]);
}
