import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SandboxProvider } from './sandbox-provider.ts';

/**
 * The page of the sandbox provider on which a customer confirms a payment or refuses it, as a bank's page would:
 * `GET /sandbox/{ref}` asks, `POST /sandbox/{ref}/approve` and `…/decline` decide and send the customer back.
 */
export function sandboxPage(
  sandbox: SandboxProvider,
  returnUrl: string,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const [, , ref = '', decision] = (request.url ?? '').split('?', 1)[0]?.split('/') ?? [];
    if (!/^sbx_[0-9a-f]{24}$/.test(ref)) return answer(response, 404, 'There is no such payment.');
    if (request.method === 'GET' && decision === undefined) return answer(response, 200, form(ref));
    if (request.method !== 'POST' || (decision !== 'approve' && decision !== 'decline'))
      return answer(response, 405, 'This is not possible here.');
    const isDecided = await sandbox.decide(ref, decision === 'approve');
    if (!isDecided) return answer(response, 409, 'This payment is decided already.');
    response.writeHead(303, { location: returnUrl }).end();
  };
}

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; form-action *",
  });
  response.end(`<!doctype html><html lang="en"><title>Sandbox payment</title><h1>Sandbox payment</h1><p>${body}</p></html>`);
}

function form(ref: string): string {
  const button = (path: string, label: string) => `<form method="post" action="/sandbox/${ref}/${path}"><button>${label}</button></form>`;
  return `Your bank asks: is this you?</p>${button('approve', 'Approve')}${button('decline', 'Decline')}<p>No money moves here.`;
}
