import { ConfigError } from '@app/config';
import { MigrationError } from '@app/database';
import { PlatformError } from '../platform-error.ts';

/**
 * Runs a command line and sets the exit code it returns. Errors that say what to do are printed without a stack.
 */
export async function runCommand(command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    process.stderr.write(`${describeFailure(error)}\n`);
    process.exitCode = 1;
  }
}

/** What to print for an error: message and remedy where it has one, everything known otherwise. */
export function describeFailure(error: unknown): string {
  if (error instanceof PlatformError || error instanceof MigrationError) return `\n✗ ${error.message}\n  → ${error.remedy}`;
  if (error instanceof ConfigError)
    return `\n✗ ${error.message}\n  → Correct the variables above, in the environment or in the file .env, and start again.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
