import { z } from 'zod';
import { generateStoredKey, readKeyFile, writeKeyFile } from './data/signing-keys.ts';
import { publishKey, RotationError, retireReplaced, signWithPublished } from './domain/key-rotation.ts';

/** `npm run keys:rotate -w @subgraphs/accounts -- publish|sign|retire KEY_FILE`: the three steps, with time between them. */
const [step = '', file = ''] = process.argv.slice(2);

try {
  const keys = await readKeyFile(file);
  const now = new Date();
  switch (z.enum(['publish', 'sign', 'retire']).parse(step)) {
    case 'publish':
      await writeKeyFile(file, publishKey(keys, await generateStoredKey(), now));
      break;
    case 'sign':
      await writeKeyFile(file, signWithPublished(keys, now));
      break;
    case 'retire':
      await writeKeyFile(file, retireReplaced(keys, now));
  }
  const kids = (await readKeyFile(file)).map(({ kid }) => kid);
  process.stdout.write(`${kids[0]} signs; published: ${kids.join(', ')}. Servers follow within seconds.\n`);
} catch (error) {
  const isUsage = error instanceof z.ZodError;
  if (!isUsage && !(error instanceof RotationError) && !(error instanceof Error && 'code' in error)) throw error;
  process.stderr.write(`${isUsage ? 'Use: publish, sign or retire, and the key file.' : (error as Error).message}\n`);
  process.exitCode = 1;
}
