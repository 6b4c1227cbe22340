export const requestReturn = (..._args: unknown[]): Promise<never> => Promise.reject(new Error('STUB'));
