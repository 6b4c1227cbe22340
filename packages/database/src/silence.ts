import { Socket } from 'node:net';

/**
 * For node-postgres' `stream`: a socket that ends when nothing came or went for so long. A server whose machine is gone says nothing, not
 * even that it is gone, and the kernel keeps trying for a quarter of an hour.
 */
export function endingInSilence(silenceMs: number): () => Socket {
  return () => {
    const socket = new Socket();
    const error = Object.assign(new Error(`the database said nothing for ${silenceMs} ms`), { code: 'ETIMEDOUT' });
    socket.setTimeout(silenceMs, () => socket.destroy(error));
    return socket;
  };
}
