import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';
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
  /** Where lines go. Default: standard output. */
  readonly destination?: DestinationStream;
}

const SECRET_NAMES = ['authorization', 'cookie', 'password', 'token', 'accessToken', 'refreshToken', 'secret', 'set-cookie'];

/**
 * A logger of one JSON object per line: `level`, `time` (ISO 8601), `service`, `requestId` of the request being served, and what the
 * caller adds. Well-known secret fields are replaced by `[hidden]` up to two levels deep.
 */
export function createLogger(options: LoggerOptions): Logger {
  const settings = {
    level: options.level ?? 'info',
    base: { service: options.service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRET_NAMES.flatMap((name) => [at(name), `*${at(name)}`, `*.*${at(name)}`]), censor: '[hidden]' },
    mixin: requestFields,
  };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}

function at(name: string): string {
  return `["${name}"]`;
}

function requestFields(): Record<string, string> {
  const request = currentRequest();
  return request === undefined ? {} : { requestId: request.requestId };
}
