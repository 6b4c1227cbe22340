/** Every colour the catalogue sells, for pictures and swatches. */
export const colourHex: Readonly<Record<string, string>> = {
  Black: '#26272b', Charcoal: '#454a52', Slate: '#5f6b7a', Silver: '#b9bec6', Cloud: '#dfe3e8', White: '#f4f2ec',
  Oat: '#e3d6bf', Sand: '#d3b98f', Walnut: '#6e4a32', Oak: '#c49a6c', Ash: '#d9c6a5', Rust: '#b2512d',
  Terracotta: '#c66b4b', Blush: '#e2b1a6', Berry: '#8c2f4f', Red: '#c0392b', Mustard: '#d9a227', Moss: '#6d7b3c',
  Sage: '#9caf88', Forest: '#2f5d46', Teal: '#2a7f86', Sky: '#8fbbd9', Navy: '#27406b', Indigo: '#3f4a8a',
  Brass: '#b08d3f', Copper: '#b46a43', Nickel: '#9aa1a6', Lilac: '#b7a3cf',
};
