#!/usr/bin/env -S node --import tsx
import { runCli } from '../src/cli.ts';

process.exitCode = await runCli(process.argv.slice(2), {
  write: (text) => void process.stdout.write(text),
  now: () => new Date(),
  env: process.env,
});
