/** A mail as it was received. */
export interface ReceivedMail {
  readonly receivedAt: Date;
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly text: string;
}

const style = `
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; }
  article { border: 1px solid #d6dbe1; border-radius: 8px; padding: 0.75rem 1rem; margin: 1rem 0; }
  h2 { font-size: 1rem; margin: 0; } small { color: #5a6572; } pre { white-space: pre-wrap; font: inherit; margin: 0.5rem 0 0; }`;

/** The page of the mailbox: newest first, links in texts can be followed. */
export function renderMailbox(mails: readonly ReceivedMail[]): string {
  const articles = mails.map(
    ({ receivedAt, recipients, subject, text }) =>
      `<article><h2>${escapeHtml(subject)}</h2><small>to ${escapeHtml(recipients.join(', '))}, ${receivedAt.toLocaleTimeString('en-GB')}</small><pre>${withLinks(text)}</pre></article>`,
  );
  const body = articles.length > 0 ? articles.join('') : '<p>No mail yet. Register somebody, or ask for a password reset.</p>';
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5"><title>Mailbox</title><style>${style}</style></head><body><h1>Mailbox</h1>${body}</body></html>`;
}

function withLinks(text: string): string {
  return escapeHtml(text).replaceAll(/https?:\/\/[^\s<]+/g, (url) => `<a href="${url}">${url}</a>`);
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
