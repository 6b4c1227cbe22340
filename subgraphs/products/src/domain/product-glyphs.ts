/**
 * Drawings of what the shop sells, on a field of 100 × 100. In each, `f` stands for the product's own colour,
 * `a` for its accent and `d` for shade; the painter fills them in.
 */
export const productGlyphs: Readonly<Record<string, string>> = {
  pan: '<ellipse cx="42" cy="55" rx="28" ry="26" fill="f"/><ellipse cx="42" cy="53" rx="22" ry="20" fill="d"/><rect x="67" y="50" width="28" height="8" rx="4" fill="a"/>',
  kettle:
    '<path d="M30 40h36l8 42H22z" fill="f"/><path d="M66 46q18-2 22-18" fill="none" stroke="f" stroke-width="6"/><path d="M30 40q-16 8-8 30" fill="none" stroke="a" stroke-width="5"/><circle cx="48" cy="35" r="5" fill="a"/>',
  mug: '<rect x="24" y="32" width="42" height="46" rx="8" fill="f"/><path d="M66 42h8a10 10 0 0 1 0 24h-8" fill="none" stroke="f" stroke-width="7"/><rect x="24" y="32" width="42" height="10" rx="5" fill="a"/>',
  knife:
    '<path d="M14 62 64 30q8-4 8 6L58 54 18 68z" fill="d"/><rect x="62" y="22" width="34" height="11" rx="5" transform="rotate(-33 62 22)" fill="f"/>',
  board:
    '<rect x="22" y="24" width="50" height="58" rx="9" fill="f"/><circle cx="47" cy="33" r="4" fill="d"/><path d="M30 46h34M30 58h34M30 70h34" stroke="a" stroke-width="2"/>',
  chair:
    '<rect x="32" y="18" width="36" height="30" rx="8" fill="f"/><rect x="28" y="52" width="44" height="8" rx="4" fill="f"/><path d="M32 60v24M68 60v24M36 48v6M64 48v6" stroke="a" stroke-width="5"/>',
  armchair:
    '<rect x="28" y="24" width="44" height="40" rx="12" fill="f"/><rect x="16" y="44" width="18" height="32" rx="9" fill="f"/><rect x="66" y="44" width="18" height="32" rx="9" fill="f"/><rect x="30" y="56" width="40" height="18" rx="6" fill="d"/><path d="M26 76v8M74 76v8" stroke="a" stroke-width="5"/>',
  desk: '<rect x="12" y="38" width="76" height="8" rx="3" fill="f"/><path d="M20 46v36M80 46v36" stroke="a" stroke-width="5"/><rect x="52" y="46" width="24" height="12" fill="d"/>',
  shelf:
    '<path d="M22 16v70M78 16v70" stroke="a" stroke-width="5"/><path d="M20 32h60M20 54h60M20 76h60" stroke="f" stroke-width="7"/><rect x="30" y="18" width="7" height="11" fill="d"/><rect x="40" y="40" width="14" height="11" fill="d"/>',
  box: '<path d="M22 34h56l-6 50H28z" fill="f"/><path d="M38 34q12-20 24 0" fill="none" stroke="a" stroke-width="5"/><path d="M25 54h50" stroke="d" stroke-width="3"/>',
  lamp: '<path d="M34 22h32l12 28H22z" fill="f"/><path d="M50 50v30" stroke="a" stroke-width="5"/><ellipse cx="50" cy="82" rx="18" ry="5" fill="a"/>',
  floorlamp:
    '<path d="M40 14h24l10 20H30z" fill="f"/><path d="M52 34v50" stroke="a" stroke-width="4"/><ellipse cx="52" cy="86" rx="20" ry="4" fill="d"/>',
  pendant:
    '<path d="M50 6v30" stroke="a" stroke-width="3"/><path d="M20 66a30 30 0 0 1 60 0z" fill="f"/><ellipse cx="50" cy="66" rx="30" ry="6" fill="d"/>',
  sconce:
    '<rect x="24" y="30" width="8" height="44" rx="4" fill="a"/><path d="M32 52h14" stroke="a" stroke-width="5"/><path d="M44 34h22l10 34H40z" fill="f"/>',
  bulb: '<circle cx="50" cy="42" r="24" fill="f"/><rect x="41" y="64" width="18" height="18" rx="4" fill="d"/><path d="M42 44l5 8 3-10 3 10 5-8" fill="none" stroke="a" stroke-width="3"/>',
  bed: '<rect x="14" y="46" width="72" height="26" rx="6" fill="f"/><rect x="20" y="36" width="26" height="14" rx="6" fill="a"/><rect x="54" y="36" width="26" height="14" rx="6" fill="a"/><path d="M18 72v10M82 72v10" stroke="d" stroke-width="5"/>',
  pillow:
    '<path d="M20 34q30 10 60 0-8 18 0 34-30-8-60 0 8-16 0-34z" fill="f"/><path d="M30 44q20 6 40 0" fill="none" stroke="a" stroke-width="3"/>',
  towel:
    '<rect x="28" y="20" width="44" height="64" rx="5" fill="f"/><path d="M28 68h44M28 75h44" stroke="a" stroke-width="4"/><path d="M18 22h64" stroke="d" stroke-width="6"/>',
  blanket:
    '<path d="M22 26h56v46H22z" fill="f"/><path d="M22 38h56M22 58h56M40 26v46M62 26v46" stroke="a" stroke-width="3"/><path d="M26 72v10M38 72v10M50 72v10M62 72v10M74 72v10" stroke="f" stroke-width="3"/>',
  rug: '<rect x="16" y="32" width="68" height="42" fill="f"/><rect x="24" y="40" width="52" height="26" fill="none" stroke="a" stroke-width="4"/><path d="M12 34v38M88 34v38" stroke="d" stroke-width="3" stroke-dasharray="3 4"/>',
  backpack:
    '<rect x="28" y="28" width="44" height="54" rx="16" fill="f"/><rect x="36" y="54" width="28" height="20" rx="6" fill="d"/><path d="M42 28q8-18 16 0" fill="none" stroke="a" stroke-width="5"/><path d="M36 46h28" stroke="a" stroke-width="4"/>',
  tent: '<path d="M50 20 88 80H12z" fill="f"/><path d="M50 36 64 80H36z" fill="d"/><path d="M50 20v-8" stroke="a" stroke-width="4"/>',
  sleepingbag:
    '<rect x="34" y="14" width="32" height="72" rx="16" fill="f"/><circle cx="50" cy="28" r="10" fill="d"/><path d="M50 42v40" stroke="a" stroke-width="3"/>',
  bottle:
    '<rect x="36" y="30" width="28" height="56" rx="10" fill="f"/><rect x="42" y="14" width="16" height="14" rx="4" fill="a"/><path d="M36 50h28" stroke="d" stroke-width="4"/>',
  stove:
    '<rect x="26" y="56" width="48" height="24" rx="6" fill="f"/><path d="M50 22q14 14 0 30-14-16 0-30z" fill="a"/><path d="M30 56h40" stroke="d" stroke-width="5"/>',
  headphones:
    '<path d="M22 60a28 28 0 0 1 56 0" fill="none" stroke="a" stroke-width="7"/><rect x="16" y="54" width="16" height="28" rx="8" fill="f"/><rect x="68" y="54" width="16" height="28" rx="8" fill="f"/>',
  speaker:
    '<rect x="30" y="16" width="40" height="68" rx="7" fill="f"/><circle cx="50" cy="34" r="8" fill="a"/><circle cx="50" cy="60" r="15" fill="d"/>',
  keyboard:
    '<rect x="10" y="36" width="80" height="34" rx="6" fill="f"/><path d="M18 45h64M18 53h64M30 62h40" stroke="a" stroke-width="5" stroke-dasharray="6 3"/>',
  mouse:
    '<rect x="34" y="22" width="32" height="56" rx="16" fill="f"/><path d="M50 22v22" stroke="d" stroke-width="2"/><rect x="47" y="30" width="6" height="12" rx="3" fill="a"/>',
  charger:
    '<rect x="30" y="34" width="40" height="40" rx="9" fill="f"/><path d="M42 34V22M58 34V22" stroke="d" stroke-width="6"/><path d="M53 42 42 58h8l-3 10 11-16h-8z" fill="a"/>',
  sweater:
    '<path d="M36 24h28l22 16-8 14-8-5v35H30V49l-8 5-8-14z" fill="f"/><path d="M40 24q10 10 20 0" fill="none" stroke="a" stroke-width="4"/><path d="M30 76h40" stroke="d" stroke-width="4"/>',
  jacket:
    '<path d="M34 20h32l20 20-9 12-7-6v38H30V46l-7 6-9-12z" fill="f"/><path d="M50 24v60" stroke="a" stroke-width="3"/><path d="M36 62h9M55 62h9" stroke="d" stroke-width="4"/>',
  shirt:
    '<path d="M36 24h28l20 14-8 14-8-5v35H32V47l-8 5-8-14z" fill="f"/><path d="M40 24l10 12 10-12" fill="none" stroke="a" stroke-width="4"/>',
  trousers: '<path d="M32 16h36l6 70H56L50 42 44 86H26z" fill="f"/><path d="M32 24h36" stroke="a" stroke-width="4"/>',
  socks:
    '<path d="M32 16h18v38l18 12q8 8-4 14H44q-12 0-12-14z" fill="f"/><path d="M32 24h18" stroke="a" stroke-width="5"/><circle cx="40" cy="70" r="7" fill="d"/>',
  blocks:
    '<rect x="18" y="54" width="28" height="28" fill="f"/><rect x="52" y="54" width="28" height="28" fill="a"/><path d="M50 20 66 48H34z" fill="d"/>',
  dice: '<rect x="26" y="28" width="48" height="48" rx="10" fill="f"/><circle cx="38" cy="40" r="5" fill="a"/><circle cx="62" cy="64" r="5" fill="a"/><circle cx="50" cy="52" r="5" fill="a"/>',
  pencil:
    '<path d="M24 74 30 56 68 18 80 30 42 68z" fill="f"/><path d="M24 74 30 56 42 68z" fill="d"/><path d="M60 26 72 38" stroke="a" stroke-width="4"/>',
  bear: '<circle cx="32" cy="30" r="11" fill="f"/><circle cx="68" cy="30" r="11" fill="f"/><circle cx="50" cy="52" r="28" fill="f"/><circle cx="50" cy="60" r="11" fill="d"/><circle cx="41" cy="46" r="3" fill="a"/><circle cx="59" cy="46" r="3" fill="a"/>',
  house:
    '<path d="M50 16 86 46H14z" fill="a"/><rect x="22" y="46" width="56" height="38" fill="f"/><rect x="43" y="58" width="14" height="26" fill="d"/>',
};
