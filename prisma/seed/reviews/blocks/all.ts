import type { ReviewBlocks } from './blocks.ts';
import { clothingBlocks } from './clothing.ts';
import { furnitureBlocks } from './furniture.ts';
import { kitchenBlocks } from './kitchen.ts';
import { lightingBlocks } from './lighting.ts';
import { outdoorBlocks } from './outdoor.ts';
import { playBlocks } from './play.ts';
import { techBlocks } from './tech.ts';
import { textilesBlocks } from './textiles.ts';

/** Blocks by the slug of the category they were written for. */
export const reviewBlocks: Readonly<Record<string, ReviewBlocks>> = {
  kitchen: kitchenBlocks,
  furniture: furnitureBlocks,
  lighting: lightingBlocks,
  'home-textiles': textilesBlocks,
  outdoor: outdoorBlocks,
  'audio-desk': techBlocks,
  clothing: clothingBlocks,
  play: playBlocks,
};
