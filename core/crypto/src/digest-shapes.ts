// Builders for the shapes of hashed objects: lists, options, structures and enums, with the omission rules of
// spec 02 §1.3. A transparent wrapper or enum has no node of its own: pass the value inside.
import { type DigestNode, type LabelledNode, type RecordShape, recordShape } from "./digest-node.ts";
import type { DigestibleInteger } from "./digest-values.ts";
import type { Digestible } from "./digestible.ts";

/** A field's label and value, in the order of declaration. */
export type DigestField = readonly [label: string, value: Digestible];

/** Which variant of an enum a value is: its name, and its position from 0. */
export interface VariantId {
  readonly name: string;
  readonly index: number;
}

const NONE: DigestNode = { kind: "none" };

/** A list or ordered set; a structure leaves it out when it is empty. */
export function list(items: readonly Digestible[]): Digestible {
  if (items.length === 0) {
    return optional(undefined);
  }
  return present({ kind: "sequence", items: items.map((item) => item.strict) });
}

/**
 * A list of items that differ in the bytes of their primitives alone: `records` holds so many bytes for each of them.
 * Hashes like the {@link list} of what the shape makes of each record.
 */
export function recordList(shape: RecordShape, records: Uint8Array): Digestible {
  return records.length === 0 ? optional(undefined) : present({ kind: "records", shape, records });
}

/**
 * The shape of items for {@link recordList}: `item` makes one of a record of `recordBytes` bytes, whose parts it takes by
 * `subarray`. It is called once.
 */
export function shapeOfRecords(recordBytes: number, item: (record: Uint8Array) => Digestible): RecordShape {
  return recordShape(recordBytes, (record) => item(record).strict);
}

/** An ordered map: give the entries in ascending order of their keys. A structure leaves it out when it is empty. */
export function orderedMap(entries: readonly (readonly [key: Digestible, value: Digestible])[]): Digestible {
  return list(entries.map(([key, value]) => tuple("Tuple", [neverOmit(key), neverOmit(value)])));
}

/** A value that may be absent; a structure leaves it out when it is, or when the value itself would be left out. */
export function optional(value: Digestible | undefined): Digestible {
  return value ?? { strict: NONE, allowOmit: undefined };
}

/** A structure with named fields. Is never left out itself, even when all of its fields are. */
export function aggregate(name: string, fields: readonly DigestField[]): Digestible {
  const shown: LabelledNode[] = [];
  for (const [label, { allowOmit }] of fields) {
    if (allowOmit !== undefined) {
      shown.push([label, allowOmit]);
    }
  }
  return present({ kind: "aggregate", name, fields: shown });
}

/** A structure with unnamed fields: they are labelled `0`, `1`, … One field alone is labelled `0`. */
export function tuple(name: string, values: readonly Digestible[]): Digestible {
  return aggregate(
    name,
    values.map((value, i) => [`${i}`, value]),
  );
}

/** A field that shows even when it is empty. */
export function neverOmit({ strict }: Digestible): Digestible {
  return { strict, allowOmit: strict };
}

/** A field that a structure leaves out when it is zero. */
export function omitWhenZero({ strict, allowOmit, isZero }: DigestibleInteger): Digestible {
  return { strict, allowOmit: isZero ? undefined : allowOmit };
}

/**
 * A value of an enum whose variant has unnamed values: none (`Empty`), one (`Only(x)`), which stands by itself and always
 * shows, or several (`Pair(x, y)`), which are the fields of a nameless structure.
 */
export function variant(enumName: string, id: VariantId, ...values: readonly Digestible[]): Digestible {
  const [first, ...others] = values;
  if (first === undefined) {
    return variantNode(enumName, id, NONE);
  }
  return variantNode(enumName, id, others.length === 0 ? first.strict : tuple("", values).strict);
}

/** A value of an enum whose variant has named fields (`Point { x, y }`): a nameless structure, even with one field. */
export function structVariant(enumName: string, id: VariantId, fields: readonly DigestField[]): Digestible {
  return variantNode(enumName, id, aggregate("", fields).strict);
}

function variantNode(name: string, id: VariantId, child: DigestNode): Digestible {
  return present({ kind: "variant", name, index: id.index, child: [id.name, child] });
}

/** A node that shows everywhere. */
function present(node: DigestNode): Digestible {
  return { strict: node, allowOmit: node };
}
