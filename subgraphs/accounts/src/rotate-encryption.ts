import { KeyRing } from '@app/database';
import { readConfig } from './config.ts';
import { openDatabase, rotateSecrets } from './data/client.ts';

/** `npm run encryption:rotate -w @subgraphs/accounts`: writes everything with the current key, so that older keys can go. */
const config = readConfig();
const ring = KeyRing.parse(config.ENCRYPTION_KEYS);
const db = openDatabase(config.DATABASE_URL_ACCOUNTS, { applicationName: 'rotate-encryption', encryptionKeys: config.ENCRYPTION_KEYS });
try {
  const rows = await rotateSecrets(db, ring);
  process.stdout.write(`${rows} values encrypted with key ${ring.currentKeyId}; keys other than it may be taken out of ENCRYPTION_KEYS.\n`);
} finally {
  await db.$disconnect();
}
