/*
 * Preloaded into every process the launcher starts. The launcher holds the other end of descriptor 3; when that closes
 * the launcher is gone or wants this process to end. SIGTERM lets the process drain; if it has not ended after the
 * grace period it ends anyway, since nobody is left to end it.
 */
import { Socket } from 'node:net';

const GRACE_MS = 8_000;

const lifeline = new Socket({ fd: 3, readable: true, writable: false });
lifeline.unref();
lifeline.on('error', () => undefined);
lifeline.once('close', () => {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), GRACE_MS).unref();
  process.kill(process.pid, 'SIGTERM');
});
lifeline.resume();
