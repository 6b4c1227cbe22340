import 'reflect-metadata';
import { Arg, Directive, Field, Int, ObjectType, registerEnumType } from 'type-graphql';

/** Formats an image can be asked in. */
export enum ImageFormat {
  AUTO = 'AUTO',
  AVIF = 'AVIF',
  WEBP = 'WEBP',
  JPEG = 'JPEG',
}
registerEnumType(ImageFormat, {
  name: 'ImageFormat',
  description: 'Format of a rendered image.',
  valuesConfig: {
    AUTO: { description: 'The best format that the client says it accepts.' },
    AVIF: { description: 'AVIF.' },
    WEBP: { description: 'WebP.' },
    JPEG: { description: 'JPEG.' },
  },
});

/** A picture with its natural size. `source` is the absolute address without rendering parameters. */
@Directive('@shareable')
@Directive('@cacheControl(inheritMaxAge: true)')
@ObjectType('Image', { description: 'A picture.' })
export class Image {
  source!: string;

  @Field(() => String, { nullable: true, description: 'Text for those who do not see it.' })
  alt!: string | null;

  @Field(() => Int, { description: 'Natural width in pixels.' })
  width!: number;

  @Field(() => Int, { description: 'Natural height in pixels.' })
  height!: number;

  @Field(() => String, { description: 'Address of the picture, rendered to fit the box asked for.' })
  url(
    @Arg('width', () => Int, { nullable: true, description: 'Width of the box in pixels; natural width when left out.' }) width?:
      | number
      | null,
    @Arg('height', () => Int, { nullable: true, description: 'Height of the box in pixels; natural height when left out.' }) height?:
      | number
      | null,
    @Arg('format', () => ImageFormat, { nullable: true, defaultValue: ImageFormat.AUTO, description: 'Format to render.' })
    format?: ImageFormat | null,
  ): string {
    const address = new URL(this.source);
    if (width) address.searchParams.set('w', String(width));
    if (height) address.searchParams.set('h', String(height));
    if (format && format !== ImageFormat.AUTO) address.searchParams.set('format', format.toLowerCase());
    return address.href;
  }

  /** Builds one from its facts. */
  static of(facts: { source: string; alt: string | null; width: number; height: number }): Image {
    return Object.assign(new Image(), facts);
  }
}
