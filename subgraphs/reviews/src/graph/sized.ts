import { Directive } from 'type-graphql';

/** Tells cost control that `first` bounds the page. */
export const SizedByFirst = (): MethodDecorator =>
  Directive('@listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"])') as MethodDecorator;
