import { Socket } from 'node:net';

/**
 * For node-postgres' `stream`: a socket that ends when nothing came or went for so long. A server whose machine is gone says nothing, not
 * even that it is gone, and the kernel keeps trying for a quarter of an hour.
 */
export function endingInSilence(silenceMs: number): () => Socket {
  return () => {
    const socket = new Socket();
    socket.setTimeout(silenceMs, () => socket.destroy(new Error(`the database said nothing for ${silenceMs} ms`)));
    return socket;
  };
}
