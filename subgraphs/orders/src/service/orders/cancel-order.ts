export const cancelOrder = (..._args: unknown[]): Promise<never> => Promise.reject(new Error('STUB'));
