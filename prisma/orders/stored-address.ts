import type { KeyRing } from '@app/database';
import type { PostalAddressRow } from '../seed/people/rows.ts';

/** The two address columns of a cart or an order, with what tells where somebody lives encrypted. */
export function addressColumns(model: 'Cart' | 'Order', address: PostalAddressRow, ring: KeyRing): Record<string, unknown> {
  return {
    shipping_address: encrypted(`${model}.shippingAddress`, address, ring),
    billing_address: encrypted(`${model}.billingAddress`, address, ring),
  };
}

function encrypted(place: string, address: PostalAddressRow, ring: KeyRing): PostalAddressRow {
  const hide = (key: 'line1' | 'line2' | 'phone') => address[key] && ring.encrypt(address[key], `${place}.${key}`);
  return { ...address, line1: hide('line1') ?? '', line2: hide('line2'), phone: hide('phone') };
}
