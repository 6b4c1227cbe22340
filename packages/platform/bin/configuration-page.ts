import { join } from 'node:path';
import { writeConfigurationPage } from '../src/configuration-page.ts';

/** `npm run docs:config`: writes docs/configuration.md. */
await writeConfigurationPage(join(import.meta.dirname, '../../..'));
