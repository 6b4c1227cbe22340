export const retryPayment = (..._args: unknown[]): Promise<never> => Promise.reject(new Error('STUB'));
