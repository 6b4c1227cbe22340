import { MoneyInput } from '@app/subgraph';
import { Field, ID, InputType, Int } from 'type-graphql';
import type { ProductDraft, VariantDraft } from '../domain/product-draft.ts';

@InputType('AttributeInput', { description: 'A fact about a product.' })
export class AttributeInput {
  @Field(() => String, { description: 'Key: lower-case letters, digits and hyphens.' })
  key!: string;

  @Field(() => String, { description: 'Value to show, at most 200 characters.' })
  value!: string;
}

@InputType('ProductInput', { description: 'Facts of a product. What is left out stays as it is.' })
export class ProductInput implements ProductDraft {
  @Field(() => String, { nullable: true, description: 'Readable address; made from the title when a new product has none.' })
  slug?: string | null;

  @Field(() => String, { nullable: true, description: 'Name, at most 200 characters; a new product needs one.' })
  title?: string | null;

  @Field(() => String, { nullable: true, description: 'What it is, in plain text, at most 10,000 characters.' })
  description?: string | null;

  @Field(() => String, { nullable: true, description: 'Brand, at most 100 characters; null for none.' })
  brand?: string | null;

  @Field(() => ID, { nullable: true, description: 'Where it hangs in the catalogue; null for nowhere.' })
  categoryId?: string | null;

  @Field(() => [ID], { nullable: true, description: 'Exactly the collections it is in.' })
  collectionIds?: string[] | null;

  @Field(() => [AttributeInput], { nullable: true, description: 'Exactly the facts about it, in the order to show; each key once.' })
  attributes?: AttributeInput[] | null;
}

@InputType('OptionInput', { description: 'What a variant is in a choice.' })
export class OptionInput {
  @Field(() => String, { description: 'Name of the choice.' })
  name!: string;

  @Field(() => String, { description: 'What this variant is.' })
  value!: string;
}

@InputType('ProductVariantInput', { description: 'A variant as it is to be.' })
export class ProductVariantInput implements VariantDraft {
  @Field(() => ID, { nullable: true, description: 'The variant it is; without one it is known by its SKU, or new.' })
  id?: string | null;

  @Field(() => String, { description: 'SKU, unique in the shop.' })
  sku!: string;

  @Field(() => String, { nullable: true, description: 'Name within the product; made from its options when left out.' })
  title?: string | null;

  @Field(() => [MoneyInput], { description: "Its prices, one per currency, the shop's own among them." })
  prices!: MoneyInput[];

  @Field(() => [OptionInput], { description: 'What it is in each choice; all variants name the same choices in the same order.' })
  options!: OptionInput[];

  @Field(() => Int, { nullable: true, description: 'Weight of one piece in grams; as it is, or 0 for a new one, when left out.' })
  weightGrams?: number | null;
}
