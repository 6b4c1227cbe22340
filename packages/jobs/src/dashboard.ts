import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import { Queue } from 'bullmq';
import fastify from 'fastify';
import { connectJobs, KEY_PREFIX } from './connect-jobs.ts';

/** What the dashboard shows, and where. */
export interface DashboardOptions {
  readonly url: string;
  readonly queues: readonly string[];
  /** 0 takes a free port. */
  readonly port: number;
  readonly onError: (error: Error) => void;
}

/** A running dashboard. */
export interface Dashboard {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves bull-board for developers. Whoever reaches it sees the data of jobs and may run or delete them, so it listens on
 * the loopback interface only, and answers only requests that were sent to it by that name: a page of another site whose
 * name was pointed to 127.0.0.1 gets nothing.
 */
export async function startDashboard({ url, queues, port, onError }: DashboardOptions): Promise<Dashboard> {
  const redis = connectJobs(url, 'producer', onError);
  const shown = queues.map((name) => {
    const queue = new Queue(name, { connection: redis, prefix: KEY_PREFIX, skipWaitingForReady: true, skipMetasUpdate: true });
    queue.on('error', onError);
    return queue;
  });
  const board = new FastifyAdapter();
  createBullBoard({ queues: shown.map((queue) => new BullMQAdapter(queue)), serverAdapter: board });
  const server = fastify();
  server.addHook('onRequest', async (request, reply) => {
    const origin = request.headers.origin;
    const isLocal = (host: string) => host === 'localhost' || host === '127.0.0.1';
    const isForeign = origin !== undefined && !isLocal(URL.parse(origin)?.hostname ?? '');
    if (isForeign || !isLocal(request.hostname)) return reply.code(403).send('This page is for this machine only.');
  });
  await server.register(board.registerPlugin());
  await server.listen({ port, host: '127.0.0.1' });
  return {
    url: server.listeningOrigin,
    async close() {
      await server.close();
      await Promise.all(shown.map((queue) => queue.close().catch(() => undefined)));
      redis.disconnect();
    },
  };
}
