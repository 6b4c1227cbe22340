export { AppError, type AppErrorOptions, toExtensions } from './app-error.ts';
export { type ErrorCode, type ErrorCodeEntry, errorCodes, isErrorCode } from './codes.ts';
