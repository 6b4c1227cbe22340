/** Like Promise.all, but fails only when all have settled, so that nothing is still under way while things are stopped. */
export async function all<Values extends readonly unknown[]>(work: { [Key in keyof Values]: Promise<Values[Key]> }): Promise<Values> {
  const results = await Promise.allSettled(work);
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return Promise.all(work) as unknown as Promise<Values>;
}
