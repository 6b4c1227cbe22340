import { type CategorySpec, colours, sizes } from './spec.ts';

const body = sizes('Size', ['S', 1], ['M', 1], ['L', 1]);

/** Clothes meant to be worn out, slowly. */
export const clothing: CategorySpec = {
  slug: 'clothing',
  name: 'Clothing',
  leaves: [
    { slug: 'knitwear', name: 'Knitwear' },
    { slug: 'outerwear', name: 'Outerwear' },
    { slug: 'basics', name: 'Shirts & Basics' },
    { slug: 'accessories', name: 'Socks & Accessories' },
  ],
  lines: [
    { code: 'HAR', name: 'Harbour', brand: 'Harbour & Sons', origin: 'Ireland', factor: 1.2, text: 'Harbour & Sons knits and sews in County Mayo and mends what it has made for the price of the post.' },
    { code: 'ELM', name: 'Elm', brand: 'Elm Apparel', origin: 'Portugal', factor: 1, text: 'Elm cuts straight, generous shapes and makes them again every year, so favourites can be replaced.' },
    { code: 'NOR', name: 'Nordby', brand: 'Nordby', origin: 'Norway', factor: 1.3, text: 'Nordby buys its wool from forty farms and prints the name of the farm on the label.' },
    { code: 'DAY', name: 'Dayday', brand: 'Dayday', origin: 'Turkey', factor: 0.7, text: 'Dayday keeps the price down by skipping seasons, adverts and everything shiny.' },
  ],
  families: [
    {
      code: 'KNT', leaf: 'knitwear', glyph: 'sweater', noun: 'jumper', lines: ['HAR', 'NOR', 'ELM'],
      axes: [body, colours('Oat', 'Navy')],
      types: [
        { noun: 'Fisherman Jumper', price: 139, grams: 820, material: 'New wool', text: 'A dense half-cardigan stitch that keeps out the wind and springs back at the elbows.' },
        { noun: 'Merino Crew Neck', price: 89, grams: 320, material: 'Merino wool', text: 'A fine jumper for under a jacket or on its own, soft enough for bare skin.' },
        { noun: 'Cardigan', price: 119, grams: 640, material: 'Lambswool', text: 'Five horn buttons, two pockets and the right length to sit down in.' },
        { noun: 'Roll-Neck Jumper', price: 109, grams: 520, material: 'Merino and cashmere', text: 'A close collar that warms without scratching, in a knit that drapes.' },
        { noun: 'Cotton Jumper', price: 79, grams: 560, material: 'Organic cotton', text: 'For spring evenings and people who cannot wear wool.' },
      ],
      attributes: { Fit: 'Regular', Care: 'Wool programme, dry flat', Repair: 'Yarn included' },
      pros: ['Keeps its shape after washing', 'Is warm without being bulky', 'Feels soft against the neck'],
      cons: ['the sleeves are a bit long', 'it needs a careful wash', 'there is a little pilling under the arms'],
      faults: ['It pilled all over after two wearings.', 'A seam at the shoulder opened and the stitches ran.'],
    },
    {
      code: 'JKT', leaf: 'outerwear', glyph: 'jacket', noun: 'jacket', lines: ['NOR', 'HAR', 'DAY'],
      axes: [body, colours('Black', 'Forest')],
      types: [
        { noun: 'Rain Jacket', price: 159, grams: 480, material: 'Recycled polyester, membrane', text: 'Taped seams, a hood that turns with the head and vents where it gets warm.' },
        { noun: 'Waxed Jacket', price: 249, grams: 1350, material: 'Waxed cotton', text: 'A jacket to be rewaxed each autumn and handed on in the end.' },
        { noun: 'Down Gilet', price: 139, grams: 390, material: 'Responsible down', text: 'A light layer for the body that leaves the arms free.' },
        { noun: 'Wool Coat', price: 329, grams: 1600, material: 'Wool melton', text: 'A straight coat to the knee with deep pockets and a collar that stands up.' },
        { noun: 'Work Jacket', price: 98, grams: 900, material: 'Cotton moleskin', text: 'Three pockets and a shape that has not needed improving since 1900.' },
      ],
      attributes: { Fit: 'Room for a jumper', Care: 'See label', Repair: 'Free zip replacement' },
      pros: ['Kept me dry through an hour of steady rain', 'Cuts the wind completely', 'Has room for a jumper underneath'],
      cons: ['the zip is stiff at first', 'the pockets could be deeper', 'it runs half a size large'],
      faults: ['Water came through at the shoulders in the first shower.', 'The zip broke within a fortnight.'],
    },
    {
      code: 'SHT', leaf: 'basics', glyph: 'shirt', noun: 'shirt', lines: ['ELM', 'DAY', 'HAR'],
      axes: [body, colours('White', 'Sky')],
      types: [
        { noun: 'Oxford Shirt', price: 69, grams: 310, material: 'Organic cotton', text: 'A button-down that looks right ironed and better not.' },
        { noun: 'Heavy T-Shirt', price: 35, grams: 240, material: 'Organic cotton, 240 g/m²', text: 'A thick, boxy T-shirt with a collar that stays flat.' },
        { noun: 'Linen Shirt', price: 79, grams: 230, material: 'Linen', text: 'Cool, loose and happily creased from June to September.' },
        { noun: 'Flannel Shirt', price: 74, grams: 380, material: 'Brushed cotton', text: 'Soft on the first day and softer every winter after.' },
        { noun: 'Long-Sleeve Henley', price: 49, grams: 290, material: 'Organic cotton', text: 'A ribbed layer with three buttons that works as pyjamas and as a shirt.' },
      ],
      attributes: { Fit: 'Straight', Care: '40 °C', Buttons: 'Corozo' },
      pros: ['Fits well in the shoulders', 'Washes beautifully and hardly needs the iron', 'Has thick fabric that is not see-through'],
      cons: ['the sleeves run a little long', 'the collar needs an iron', 'it shrank very slightly in the first wash'],
      faults: ['It came out of the first wash a full size smaller.', 'Two buttons fell off on the first day.'],
    },
    {
      code: 'TRS', leaf: 'basics', glyph: 'trousers', noun: 'trousers', lines: ['ELM', 'DAY', 'NOR'],
      axes: [sizes('Waist', ['30', 1], ['32', 1], ['34', 1], ['36', 1])],
      types: [
        { noun: 'Straight Chinos', price: 79, grams: 520, material: 'Cotton twill', text: 'Mid-rise, straight to the hem and heavy enough to keep a crease.' },
        { noun: 'Selvedge Jeans', price: 129, grams: 780, material: 'Cotton denim, 13 oz', text: 'Rigid denim that takes a month to break in and then belongs only to you.' },
        { noun: 'Cord Trousers', price: 84, grams: 610, material: 'Cotton corduroy', text: 'A medium wale with room in the thigh and no shine at the knee.' },
        { noun: 'Walking Trousers', price: 98, grams: 380, material: 'Recycled nylon, elastane', text: 'Stretchy, quick to dry and plain enough for a restaurant after the hike.' },
        { noun: 'Linen Trousers', price: 74, grams: 340, material: 'Linen', text: 'A drawstring, two pockets and all the air you need in July.' },
      ],
      attributes: { Length: '32 inches', Care: '30 °C, inside out', Repair: 'Patch included' },
      pros: ['Fits at the waist without a belt', 'Has got more comfortable with every wearing', 'Holds its colour in the wash'],
      cons: ['the legs are a touch long', 'the pockets are shallow', 'the fabric is stiff for the first week'],
      faults: ['The seam between the legs tore when I sat down.', 'The dye came off on a pale sofa.'],
    },
    {
      code: 'SCK', leaf: 'accessories', glyph: 'socks', noun: 'socks', lines: ['DAY', 'NOR', 'HAR'],
      axes: [sizes('Size', ['36–38', 1], ['39–42', 1], ['43–46', 1])],
      types: [
        { noun: 'Merino Socks, 3 Pairs', price: 29, grams: 180, material: 'Merino wool', text: 'Thin enough for shoes, warm enough for slippers, and fresh for a second day.' },
        { noun: 'Hiking Socks, 2 Pairs', price: 34, grams: 190, material: 'Merino wool, nylon', text: 'Padded at heel and toe, smooth where boots rub.' },
        { noun: 'Everyday Socks, 5 Pairs', price: 24, grams: 250, material: 'Organic cotton', text: 'Five plain pairs of the same colour, so the washing sorts itself.' },
        { noun: 'Felt Slippers', price: 54, grams: 420, material: 'Wool felt, rubber sole', text: 'Felted in one piece with a sole that survives a trip to the bins.' },
        { noun: 'Leather Gloves', price: 69, grams: 130, material: 'Lamb leather, wool lining', text: 'Soft leather, a wool lining and a fingertip that works on a phone.' },
      ],
      attributes: { Care: '40 °C', Toe: 'Hand-linked', Guarantee: '1 year against holes' },
      pros: ['Stays up without pinching', 'Kept my feet dry on a long walk', 'Shows no wear after a whole winter'],
      cons: ['they take a day to dry', 'sizes run slightly small', 'the colours fade a little'],
      faults: ['There was a hole in the heel after three days.', 'The elastic gave up and now they slide down.'],
    },
  ],
};
