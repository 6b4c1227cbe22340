#!/usr/bin/env -S node --import tsx
import { roleScopes } from '@app/auth';
import { runCli } from '../src/cli.ts';
import { throttled } from '../src/progress.ts';

// Whoever reads only the beginning (`| head`) has seen what they wanted.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await runCli(process.argv.slice(2), {
  write: (text) => void process.stdout.write(text),
  warn: (text) => void process.stderr.write(text),
  now: () => new Date(),
  env: process.env,
  roles: roleScopes,
  progress: throttled((line) => void process.stderr.write(line), Date.now),
});
