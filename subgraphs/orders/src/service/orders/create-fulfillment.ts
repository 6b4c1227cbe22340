export const createFulfillment = (..._args: unknown[]): Promise<never> => Promise.reject(new Error('STUB'));
