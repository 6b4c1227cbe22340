import { toPayload } from '@app/subgraph';
import { Arg, Ctx, Directive, ID, Int, Mutation, Resolver } from 'type-graphql';
import { archiveProduct, publishProduct } from '../service/publish-product.ts';
import { setVariants } from '../service/set-variants.ts';
import { changeProduct, createProduct } from '../service/write-product.ts';
import type { ProductsContext } from './context.ts';
import { ProductInput, ProductVariantInput } from './product.input.ts';
import { ProductPayload } from './product.payload.ts';

const nothing = { product: null };

@Resolver()
export class ProductMutations {
  @Directive('@requiresScopes(scopes: [["catalog:write"]])')
  @Directive('@tag(name: "admin")')
  @Mutation(() => ProductPayload, { description: 'Writes a new product, as a draft.' })
  productCreate(
    @Ctx() { app, viewer }: ProductsContext,
    @Arg('input', () => ProductInput, { description: 'Its facts; the title is required.' }) input: ProductInput,
  ) {
    return toPayload(async () => ({ product: await createProduct(app, viewer, input) }), nothing);
  }

  @Directive('@requiresScopes(scopes: [["catalog:write"]])')
  @Directive('@tag(name: "admin")')
  @Mutation(() => ProductPayload, { description: 'Changes a product; what is left out stays as it is.' })
  productUpdate(
    @Ctx() { app, viewer }: ProductsContext,
    @Arg('id', () => ID, { description: 'Which product.' }) id: string,
    @Arg('input', () => ProductInput, { description: 'What is to change.' }) input: ProductInput,
    @Arg('expectedVersion', () => Int, { nullable: true, description: 'Change it only when this is still its version.' })
    expectedVersion?: number | null,
  ) {
    const change = { id, draft: input, expectedVersion: expectedVersion ?? null };
    return toPayload(async () => ({ product: await changeProduct(app, viewer, change) }), nothing);
  }

  @Directive('@requiresScopes(scopes: [["catalog:write"]])')
  @Directive('@tag(name: "admin")')
  @Mutation(() => ProductPayload, { description: 'Puts a product on sale; it needs a variant.' })
  productPublish(@Ctx() { app, viewer }: ProductsContext, @Arg('id', () => ID, { description: 'Which product.' }) id: string) {
    return toPayload(async () => ({ product: await publishProduct(app, viewer, id) }), nothing);
  }

  @Directive('@requiresScopes(scopes: [["catalog:write"]])')
  @Directive('@tag(name: "admin")')
  @Mutation(() => ProductPayload, { description: 'Takes a product off sale; orders keep what they hold of it.' })
  productArchive(@Ctx() { app, viewer }: ProductsContext, @Arg('id', () => ID, { description: 'Which product.' }) id: string) {
    return toPayload(async () => ({ product: await archiveProduct(app, viewer, id) }), nothing);
  }

  @Directive('@requiresScopes(scopes: [["catalog:write"]])')
  @Directive('@tag(name: "admin")')
  @Mutation(() => ProductPayload, {
    description: "Makes a product's variants exactly these, in this order, with these prices from now on.",
  })
  productVariantsSet(
    @Ctx() { app, viewer }: ProductsContext,
    @Arg('productId', () => ID, { description: 'Which product.' }) productId: string,
    @Arg('variants', () => [ProductVariantInput], { description: 'All of its variants, at most 200.' }) variants: ProductVariantInput[],
  ) {
    return toPayload(async () => ({ product: await setVariants(app, viewer, productId, variants) }), nothing);
  }
}
