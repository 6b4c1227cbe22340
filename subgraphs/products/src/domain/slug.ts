/** Form of a readable address. */
export const slugForm = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** A readable address from a title: letters without their marks, digits, single hyphens; `fallback` when nothing is left. */
export function slugOf(title: string, fallback: string): string {
  const plain = title.normalize('NFKD').replace(/\p{M}/gu, '').replaceAll('ß', 'ss').toLowerCase();
  const slug = plain.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
  return slug.slice(0, 80).replace(/-+$/, '') || fallback;
}
