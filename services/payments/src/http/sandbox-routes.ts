import type { FastifyInstance, FastifyReply } from 'fastify';
import type { SandboxProvider } from '../sandbox/sandbox-provider.ts';

/**
 * The page of the sandbox provider on which a customer confirms a payment or refuses it, as a bank's page would:
 * `GET /sandbox/{ref}` asks, `POST /sandbox/{ref}/approve` and `…/decline` decide and send the customer back.
 */
export function sandboxRoutes(server: FastifyInstance, sandbox: SandboxProvider): void {
  server.get<{ Params: { ref: string } }>('/sandbox/:ref', async ({ params: { ref } }, reply) =>
    isRef(ref) ? page(reply, 200, form(ref)) : page(reply, 404, 'There is no such payment.'),
  );
  server.post<{ Params: { ref: string; decision: string } }>('/sandbox/:ref/:decision', async ({ params }, reply) => {
    const { ref, decision } = params;
    if (!isRef(ref)) return page(reply, 404, 'There is no such payment.');
    if (decision !== 'approve' && decision !== 'decline') return page(reply, 405, 'This is not possible here.');
    const charge = await sandbox.decide(ref, decision === 'approve');
    if (charge === null) return page(reply, 409, 'This payment is decided already.');
    if (!isWeb(charge.returnUrl)) return page(reply, 200, 'Thank you: go back to the shop.');
    return reply.redirect(charge.returnUrl, 303);
  });
}

const isRef = (ref: string): boolean => /^sbx_[0-9a-f]{24}$/.test(ref);

function isWeb(url: string): boolean {
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  return protocol === 'http:' || protocol === 'https:';
}

function page(reply: FastifyReply, status: number, body: string): FastifyReply {
  return reply
    .code(status)
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-security-policy', "default-src 'none'; form-action *; frame-ancestors 'none'")
    .send(`<!doctype html><html lang="en"><title>Sandbox payment</title><h1>Sandbox payment</h1><p>${body}</p></html>`);
}

function form(ref: string): string {
  const button = (path: string, label: string) => `<form method="post" action="/sandbox/${ref}/${path}"><button>${label}</button></form>`;
  return `Your bank asks: is this you?</p>${button('approve', 'Approve')}${button('decline', 'Decline')}<p>No money moves here.`;
}
