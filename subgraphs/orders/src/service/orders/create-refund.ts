export const createRefund = (..._args: unknown[]): Promise<never> => Promise.reject(new Error('STUB'));
