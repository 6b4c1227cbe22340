import type { Mailer, OutgoingMail } from './mailer.ts';

/** What Prisma's client and its transactions offer for raw SQL. */
export interface MailDatabase {
  $queryRawUnsafe<T = unknown>(query: string, ...values: unknown[]): Promise<T>;
  $executeRawUnsafe(query: string, ...values: unknown[]): Promise<number>;
}

/** A mail to be sent; `kind` says what it is about, for people and tests. */
export interface NewMail extends OutgoingMail {
  readonly kind: string;
}

/** What became of an attempt: `settled` when there is nothing to send any more, `busy` when another process sends it just now. */
export type Delivery = 'sent' | 'settled' | 'busy';

const OPEN = 'sent_at IS NULL AND discarded_at IS NULL';

/** A process that dies while it sends leaves its mail to others after this; one that sends claims its mail anew all the while. */
const CLAIM_SECONDS = 60;
const CLAIM = `claimed_until = now() + make_interval(secs => ${CLAIM_SECONDS})`;
/** A mail that waits in the queue is offered again after this long: the queue may have lost it. */
const OFFER_AGAIN_SECONDS = 60;
const SAVE_TRIES = 3;

/** Writes a mail in the transaction that causes it: rolled back, it is not sent; committed, it is. An id that is there is left as it is. */
export async function postMail(tx: MailDatabase, { id, recipient, kind, subject, text }: NewMail): Promise<void> {
  const insert = 'INSERT INTO mail (id, recipient, kind, subject, text) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING';
  await tx.$executeRawUnsafe(insert, id, recipient, kind, subject, text);
}

/** Ids of mails to be put into the queue, newly written ones first; {@link markOffered} takes them off for a minute. */
export function mailsToOffer(db: MailDatabase, limit: number): Promise<string[]> {
  return idsOf(db, `${OPEN} AND (offered_at IS NULL OR offered_at < now() - make_interval(secs => ${OFFER_AGAIN_SECONDS}))`, limit);
}

/** Ids of mails to be sent, in the queue or not: newly written ones first, then what was tried longest ago. */
export function waitingMails(db: MailDatabase, limit: number): Promise<string[]> {
  return idsOf(db, OPEN, limit);
}

async function idsOf(db: MailDatabase, condition: string, limit: number): Promise<string[]> {
  const sql = `SELECT id FROM mail WHERE ${condition} ORDER BY offered_at NULLS FIRST, created_at, id LIMIT ${limit}`;
  const rows = await db.$queryRawUnsafe<{ id: string }[]>(sql);
  return rows.map(({ id }) => id);
}

/** Notes that mails were put into the queue. */
export async function markOffered(db: MailDatabase, ids: readonly string[]): Promise<void> {
  await db.$executeRawUnsafe('UPDATE mail SET offered_at = now() WHERE id = ANY($1::text[])', ids);
}

/**
 * Sends a mail unless that was done. Two processes do not send one mail at once; a process that dies after the mail server took the
 * mail and before that was saved is the one case in which a mail goes out again, with the same Message-ID.
 * @throws what the mailer throws; the mail can be tried again at once then.
 */
export async function deliverMail(db: MailDatabase, mailer: Mailer, id: string): Promise<Delivery> {
  const [mail] = await db.$queryRawUnsafe<OutgoingMail[]>(
    `UPDATE mail SET ${CLAIM} WHERE id = $1 AND ${OPEN} AND (claimed_until IS NULL OR claimed_until < now()) RETURNING id, recipient, subject, text`,
    id,
  );
  if (mail === undefined) {
    const open = await db.$queryRawUnsafe<unknown[]>(`SELECT 1 AS one FROM mail WHERE id = $1 AND ${OPEN}`, id);
    return open.length === 0 ? 'settled' : 'busy';
  }
  const claimAgain = () => db.$executeRawUnsafe(`UPDATE mail SET ${CLAIM} WHERE id = $1 AND ${OPEN}`, id).catch(() => undefined);
  const claiming = setInterval(claimAgain, (CLAIM_SECONDS * 1_000) / 3);
  try {
    await mailer.send(mail);
  } catch (error) {
    await db.$executeRawUnsafe('UPDATE mail SET claimed_until = NULL WHERE id = $1', id);
    throw error;
  } finally {
    clearInterval(claiming);
  }
  await saveSent(db, id);
  return 'sent';
}

/** Worth some patience: what is not saved is sent again. */
async function saveSent(db: MailDatabase, id: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await db.$executeRawUnsafe('UPDATE mail SET sent_at = now(), claimed_until = NULL WHERE id = $1', id);
      return;
    } catch (error) {
      if (attempt === SAVE_TRIES) throw error;
    }
  }
}

/** A person gave the mail up: it is not offered again. */
export async function discardMail(db: MailDatabase, id: string): Promise<void> {
  await db.$executeRawUnsafe(`UPDATE mail SET discarded_at = now() WHERE id = $1 AND ${OPEN}`, id);
}

/** Deletes what was sent or given up before; mails carry personal data and tokens. Answers how many. */
export async function deleteSettledMails(db: MailDatabase, before: Date): Promise<number> {
  return db.$executeRawUnsafe('DELETE FROM mail WHERE sent_at < $1 OR discarded_at < $1', before);
}
