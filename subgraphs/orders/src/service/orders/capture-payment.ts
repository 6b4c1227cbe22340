export const capturePayment = (..._args: unknown[]): Promise<never> => Promise.reject(new Error('STUB'));
