import { type DestinationStream, type Logger, type LoggerOptions as PinoOptions, pino, stdTimeFunctions } from 'pino';
import { hideSecrets } from './hide-secrets.ts';
import { currentRequest } from './request-context.ts';

export type { Logger } from 'pino';

/** Severities, from the most to the least talkative, and `silent`. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** Options of {@link createLogger}. */
export interface LoggerOptions {
  /** Name of the process, in every line as `service`. */
  readonly service: string;
  /** Lines below this severity are not written. Default `info`. */
  readonly level?: LogLevel;
  /** Where lines go, one by one. Default: standard output, some lines at a time, see {@link standardOutput}. */
  readonly destination?: DestinationStream;
}

/**
 * A logger of one JSON object per line: `level`, `time` (ISO 8601), `service`, `requestId` of the request being served, and what the
 * caller adds. The values of well-known secret fields are replaced, see {@link hideSecrets}.
 */
export function createLogger(options: LoggerOptions): Logger {
  const settings: PinoOptions = {
    level: options.level ?? 'info',
    base: { service: options.service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }), log: hideSecrets },
    serializers: { err: (shown: unknown) => shown },
    mixin: requestFields,
  };
  if (options.destination !== undefined) return hidingBindings(pino(settings, options.destination));
  const output = standardOutput();
  const hooks: PinoOptions['hooks'] = {
    logMethod(parameters, method, level) {
      method.apply(this, parameters);
      output.flushSoon();
      if (level >= WARN) output.flush();
    },
  };
  return hidingBindings(pino({ ...settings, hooks }, output));
}

/** What a child logger adds to its lines is written once, when it is made: no formatter sees it. */
function hidingBindings(logger: Logger): Logger {
  const { child } = logger;
  logger.child = function (this: Logger, bindings, childOptions) {
    return child.call(this, hideSecrets(bindings), childOptions);
  } as typeof child;
  return logger;
}

/** Such lines do not wait for others. */
const WARN = pino.levels.values['warn'] ?? 40;
/** Writes to a pipe up to this size are never mixed with another process's (POSIX, `PIPE_BUF` on Linux). */
const ATOMIC_WRITE_BYTES = 4_096;
const FLUSH_MS = 100;
/** Lines that nobody reads are dropped beyond this. */
const MAX_WAITING_BYTES = 16 * 1_024 * 1_024;

/**
 * Standard output, written some lines at a time and without waiting for whoever reads it: a write for each line was a third of a gateway's CPU
 * time, and a reader that is late would stop the process. An orderly end writes what is left.
 */
function standardOutput(): StandardOutput {
  opened ??= openStandardOutput();
  return opened;
}

interface StandardOutput extends SonicBoom {
  /** Writes in a moment what waits by then. */
  flushSoon(): void;
}

type SonicBoom = ReturnType<typeof pino.destination>;
/** One for all loggers of a process: lines of two would overtake each other. */
let opened: StandardOutput | undefined;

/** Its own periodic flush would write nothing ten times a second, on another thread, in every process that has nothing to say. */
function openStandardOutput(): StandardOutput {
  const output = pino.destination({
    dest: 1,
    sync: false,
    minLength: ATOMIC_WRITE_BYTES - 512,
    maxWrite: ATOMIC_WRITE_BYTES,
    maxLength: MAX_WAITING_BYTES,
  });
  let isDue = false;
  let flushes = 0;
  const flush = () => {
    isDue = false;
    flushes += 1;
    output.flush();
  };
  const flushSoon = () => {
    if (!isDue) setTimeout(flush, FLUSH_MS).unref();
    isDue = true;
  };
  // A flush during a write does nothing: lines came meanwhile, perhaps. A write of nothing says that none wait.
  output.on('write', (bytes) => {
    if (bytes > 0 || flushes > 1) flushSoon();
    flushes = 0;
  });
  return Object.assign(output, { flushSoon });
}

function requestFields(): Record<string, string> {
  const request = currentRequest();
  return request === undefined ? {} : { requestId: request.requestId };
}
