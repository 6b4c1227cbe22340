import type { Principal } from '@app/auth';
import { InputCheck, inputError, type PostalAddressInput, UserFault } from '@app/subgraph';
import type { CartRow } from '../../data/cart-rows.ts';
import { type StoredAddress, toJsonOrNull } from '../../data/json.ts';
import type { Deps } from '../deps.ts';
import { viewCart } from './cart-view.ts';
import { type CartChange, changeCart, requireOpenCart } from './change-cart.ts';

/** Undefined stays as it is, null clears. */
export interface Contact {
  readonly email?: string | null;
  readonly shippingAddress?: PostalAddressInput | null;
  readonly billingAddress?: PostalAddressInput | null;
}

/** One @, something before it, a dotted domain after it: what can be a deliverable address. The mail itself proves the rest. */
const emailRule = {
  max: 254,
  pattern: { regex: /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/, hint: 'Give an e-mail address such as name@example.com.' },
};

/** Sets who buys and where it goes. */
export async function setCartContact(deps: Deps, principal: Principal, cartId: string, contact: Contact): Promise<CartRow> {
  const check = new InputCheck();
  const email = contact.email == null ? contact.email : check.text(contact.email, ['input', 'email'], emailRule);
  const shipping =
    contact.shippingAddress == null ? contact.shippingAddress : checkAddress(check, contact.shippingAddress, ['input', 'shippingAddress']);
  const billing =
    contact.billingAddress == null ? contact.billingAddress : checkAddress(check, contact.billingAddress, ['input', 'billingAddress']);
  check.finish();
  return changeCart(deps, principal, await requireOpenCart(deps, principal, cartId), (_tx, cart) => {
    const leaves = shipping !== undefined && shipping?.countryCode !== cart.shippingAddress?.countryCode;
    const change: CartChange = {
      ...(email !== undefined && { email }),
      ...(shipping !== undefined && { shippingAddress: toJsonOrNull(shipping) }),
      ...(billing !== undefined && { billingAddress: toJsonOrNull(billing) }),
      ...(leaves && { shippingRateId: null }),
    };
    return Promise.resolve(change);
  });
}

/**
 * Chooses a way to send the cart, of those it is offered now. They are looked up before the transaction: inside it a
 * second connection would be waited for while holding the first, and as many such calls as there are connections stop
 * each other. A cart that changes meanwhile says SHIPPING_UNAVAILABLE when the choice does not fit any more.
 */
export async function selectCartShipping(deps: Deps, principal: Principal, cartId: string, optionId: string): Promise<CartRow> {
  const before = await requireOpenCart(deps, principal, cartId);
  if (before.shippingAddress === null) throw new UserFault(inputError(['cartId'], 'ADDRESS_REQUIRED', 'Set a shipping address first.'));
  const { shippingOptions } = await viewCart(deps, before);
  if (!shippingOptions.some((option) => option.id === optionId)) {
    const message = 'This shipping option is not offered for this cart: take one of shippingOptions.';
    throw new UserFault(inputError(['optionId'], 'SHIPPING_UNAVAILABLE', message));
  }
  return changeCart(deps, principal, before, () => Promise.resolve({ shippingRateId: optionId }));
}

function checkAddress(check: InputCheck, address: PostalAddressInput, path: readonly string[]): StoredAddress {
  const optional = (field: 'company' | 'line2' | 'region' | 'postalCode' | 'phone', max: number) =>
    check.optionalText(address[field], [...path, field], { max });
  return {
    name: check.text(address.name, [...path, 'name'], { max: 120 }),
    company: optional('company', 120),
    line1: check.text(address.line1, [...path, 'line1'], { max: 120 }),
    line2: optional('line2', 120),
    city: check.text(address.city, [...path, 'city'], { max: 80 }),
    region: optional('region', 80),
    postalCode: optional('postalCode', 16),
    countryCode: check.text(address.countryCode, [...path, 'countryCode'], {
      max: 2,
      pattern: { regex: /^[A-Z]{2}$/, hint: 'Give an ISO 3166-1 alpha-2 code such as DE.' },
    }),
    phone: optional('phone', 32),
  };
}
