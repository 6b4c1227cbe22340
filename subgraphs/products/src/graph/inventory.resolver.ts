import { toPayload } from '@app/subgraph';
import { Arg, Ctx, Directive, Mutation, Resolver } from 'type-graphql';
import { adjustInventory } from '../service/adjust-inventory.ts';
import type { ProductsContext } from './context.ts';
import { InventoryAdjustInput } from './inventory.input.ts';
import { InventoryPayload } from './product.payload.ts';

@Resolver()
export class InventoryMutations {
  @Directive('@requiresScopes(scopes: [["inventory:write"]])')
  @Directive('@tag(name: "admin")')
  @Mutation(() => InventoryPayload, { description: 'Corrects what is on the shelves.' })
  inventoryAdjust(
    @Ctx() { app, viewer }: ProductsContext,
    @Arg('input', () => InventoryAdjustInput, { description: 'What changed, and why.' }) input: InventoryAdjustInput,
  ) {
    return toPayload(async () => ({ variants: await adjustInventory(app, viewer, input) }), { variants: null });
  }
}
