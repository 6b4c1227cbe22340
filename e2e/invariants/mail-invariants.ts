import type { Books } from './books.ts';
import type { Invariant } from './invariant.ts';

/** A mail whose process died is sent by another after its claim and the pause of its job: about two minutes. */
const takeoverSeconds = 120;

/** Of mails, wherever there are some: what was committed is sent, whatever became of the queue. */
export const mailInvariants: readonly Invariant[] = [
  {
    title: 'every mail was sent or given up',
    async offenders(books: Books) {
      const found = await Promise.all(books.names.map((name) => waitingMails(books, name)));
      return found.flat();
    },
  },
];

async function waitingMails(books: Books, database: string): Promise<string[]> {
  if (!(await books.has(database, 'mail'))) return [];
  const rows = await books.read<{ offender: string }>(
    database,
    `SELECT id || ' ' || kind || ' of ' || created_at AS offender FROM mail
     WHERE sent_at IS NULL AND discarded_at IS NULL AND created_at < now() - make_interval(secs => $1)`,
    [books.graceSeconds + takeoverSeconds],
  );
  return rows.map(({ offender }) => `${database}: ${offender}`);
}
