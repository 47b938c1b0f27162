// Shapes: how a value is put together, said once for writing and reading. Fields have the names and the order of
// MobileCoin's types, which is also the order in which values of them sort.
import { type Bytes, bytes } from "@fogbow/core-bytes";
import type { Input, Output } from "./format.ts";

/** Writes values of a type and reads them back. */
export interface Shape<T, Out extends Output = Output, In extends Input = Input> {
  readonly write: (out: Out, value: T) => void;
  readonly read: (input: In) => T;
}

/** An unsigned 32-bit integer. */
export const u32: Shape<number> = { write: (out, n) => out.u32(n), read: (input) => input.u32() };

/** An unsigned 64-bit integer. */
export const u64: Shape<bigint> = { write: (out, n) => out.u64(n), read: (input) => input.u64() };

/** A byte string of fixed length. Writing throws BytesError `invalid-length`. */
export function byteString<Length extends number>(length: Length): Shape<Bytes<Length>> {
  return {
    write: (out, value) => out.byteString(bytes(value, length, "A byte string")),
    read: (input) => bytes(input.byteString(length), length, "A byte string"),
  };
}

/** Bytes of fixed length as a list of small integers. Writing throws BytesError `invalid-length`. */
export function byteArray<Length extends number>(length: Length): Shape<Bytes<Length>> {
  return {
    write: (out, value) => out.byteArray(bytes(value, length, "A byte string")),
    read: (input) => bytes(input.byteArray(length), length, "A byte string"),
  };
}

/** Named fields, in the order given. */
export function struct<T extends object, Out extends Output = Output, In extends Input = Input>(
  shapes: {
    readonly [Name in keyof T]: Shape<T[Name], Out, In>;
  },
): Shape<T, Out, In> {
  const fields = Object.entries(shapes) as [keyof T, Shape<T[keyof T], Out, In>][];
  return {
    write: (out, value) => {
      out.beginStruct(fields.length);
      for (const [name, shape] of fields) {
        out.field(name as string);
        shape.write(out, value[name]);
      }
      out.endStruct();
    },
    read: (input) => {
      const value: Partial<T> = {};
      input.beginStruct(fields.length);
      for (const [name, shape] of fields) {
        input.field(name as string);
        value[name] = shape.read(input);
      }
      input.endStruct();
      return value as T; // Each field was read.
    },
  };
}

/** Any number of items. */
export function list<T, Out extends Output = Output, In extends Input = Input>(
  item: Shape<T, Out, In>,
): Shape<readonly T[], Out, In> {
  return {
    write: (out, items) => {
      out.beginList(items.length);
      for (const each of items) {
        out.item();
        item.write(out, each);
      }
      out.endList();
    },
    read: (input) => {
      const items: T[] = [];
      input.beginList();
      while (input.item()) items.push(item.read(input));
      input.endList();
      return items;
    },
  };
}

/** Something, or nothing. */
export function optional<T, Out extends Output = Output, In extends Input = Input>(
  shape: Shape<T, Out, In>,
): Shape<T | undefined, Out, In> {
  return {
    write: (out, value) => {
      out.optional(value !== undefined);
      if (value !== undefined) shape.write(out, value);
    },
    read: (input) => (input.optional() ? shape.read(input) : undefined),
  };
}

/** One of several contents, with its name. */
export type Variant<T> = { readonly [Name in keyof T]: { readonly name: Name; readonly content: T[Name] } }[keyof T];

/** One of several shapes, in the order given. */
export function oneOf<T extends object, Out extends Output = Output, In extends Input = Input>(
  shapes: {
    readonly [Name in keyof T]: Shape<T[Name], Out, In>;
  },
): Shape<Variant<T>, Out, In> {
  const names = Object.keys(shapes) as (keyof T & string)[];
  return {
    write: (out, { name, content }) => {
      out.beginVariant(name as string, names.indexOf(name as keyof T & string));
      shapes[name].write(out, content);
      out.endVariant();
    },
    read: (input) => {
      const name = names[input.beginVariant(names)] as keyof T; // The format answers with an index into the names.
      const content = shapes[name].read(input);
      input.endVariant();
      return { name, content };
    },
  };
}

/** A shape of one type, used for another. `from` may throw what reading throws. */
export function mapped<T, Written, Out extends Output = Output, In extends Input = Input>(
  shape: Shape<Written, Out, In>,
  { to, from }: { readonly to: (value: T) => Written; readonly from: (written: Written) => T },
): Shape<T, Out, In> {
  return { write: (out, value) => shape.write(out, to(value)), read: (input) => from(shape.read(input)) };
}

/** A shape that is part of itself. */
export function recursive<T, Out extends Output = Output, In extends Input = Input>(
  shape: () => Shape<T, Out, In>,
): Shape<T, Out, In> {
  return { write: (out, value) => shape().write(out, value), read: (input) => shape().read(input) };
}
