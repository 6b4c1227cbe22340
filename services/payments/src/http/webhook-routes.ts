import type { FastifyInstance } from 'fastify';
import { processWebhooks, receiveWebhook } from '../service/take-webhook.ts';
import type { HttpParts } from './server.ts';

/**
 * `POST /webhooks/{provider}`: 200 once the webhook is stored, also when it was before; 401 with a code when the signature does not hold.
 * Providers repeat what is not answered with 200, so nothing slow happens before the answer.
 */
export function webhookRoutes(server: FastifyInstance, { deps, metrics, logger }: HttpParts): void {
  const received = metrics.counter({ name: 'payment_webhooks_total', help: 'Webhooks by what became of them.', labels: ['outcome'] });
  server.post<{ Params: { provider: string } }>('/webhooks/:provider', async (request, reply) => {
    if (request.params.provider !== deps.provider.name)
      return reply.code(404).send({ error: { code: 'UNKNOWN_PROVIDER', message: 'No such provider is configured here.' } });
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const reception = await receiveWebhook(deps, { headers, body });
    if (reception.kind === 'refused') {
      const { code, message } = reception;
      received.inc({ outcome: code });
      logger.warn({ code }, 'a webhook was refused');
      return reply.code(code === 'PAYLOAD_MALFORMED' ? 400 : 401).send({ error: { code, message } });
    }
    received.inc({ outcome: reception.kind });
    // The worker does it as well, should this process end now.
    processWebhooks(deps).catch((error: unknown) => logger.error({ err: error }, 'webhooks wait for the worker'));
    return reply.code(200).send({ received: reception.eventId });
  });
}
