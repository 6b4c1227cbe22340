export const resolveReturn = (..._args: unknown[]): Promise<never> => Promise.reject(new Error('STUB'));
