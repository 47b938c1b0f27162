// Random messages of any schema, for the property tests.
import { create, type DescField, type DescMessage, type Message, ScalarType } from "@bufbuild/protobuf";
import fc from "fast-check";

const U64_MAX = 2n ** 64n - 1n;
const bytes = fc.uint8Array({ maxLength: 100 });

/** A message may hold messages of its own type; they are generated this deep, the outermost counting as 1. */
const DEPTH_MAX = 9;

/** A message of `schema` with every field set, unset or zero at random. */
export function arbitraryMessage(schema: DescMessage, depth = 1): fc.Arbitrary<Message> {
  const known = schema.fields.filter((field) => depth < DEPTH_MAX || field.message === undefined);
  const fields = known.filter((field) => field.oneof === undefined || !isRealOneof(field));
  const oneofs = schema.oneofs.filter((oneof) =>
    oneof.fields.some((field) => isRealOneof(field) && known.includes(field)),
  );
  const parts = fc.record(
    {
      ...Object.fromEntries(fields.map((field) => [field.localName, arbitraryField(field, depth)])),
      ...Object.fromEntries(
        oneofs.map((oneof) => [
          oneof.localName,
          fc.oneof(
            ...oneof.fields.map((field) =>
              arbitraryField(field, depth).map((value) => ({ case: field.localName, value })),
            ),
          ),
        ]),
      ),
    },
    { requiredKeys: [] },
  );
  return parts.map((init) => create(schema, init));
}

/** A field of a oneof that the contract declares, not the one that stands for `optional`. */
function isRealOneof(field: DescField): boolean {
  return field.oneof !== undefined && !field.proto.proto3Optional;
}

function arbitraryField(field: DescField, depth: number): fc.Arbitrary<unknown> {
  switch (field.fieldKind) {
    case "scalar":
      return arbitraryScalar(field.scalar);
    case "message":
      return arbitraryMessage(field.message, depth + 1);
    case "list": {
      const maxLength = depth > 2 ? 1 : 3;
      switch (field.listKind) {
        case "message":
          return fc.array<unknown>(arbitraryMessage(field.message, depth + 1), { maxLength });
        case "scalar":
          return fc.array<unknown>(arbitraryScalar(field.scalar), { maxLength });
        default:
          throw new Error("No arbitrary for a list of enum values.");
      }
    }
    case "enum":
      return fc.constantFrom(...field.enum.values.map((value) => value.number));
    case "map": {
      if (field.mapKey !== ScalarType.UINT64) throw new Error("No arbitrary for a map whose keys are not uint64.");
      const value =
        field.mapKind === "message" ? arbitraryMessage(field.message, depth + 1) : arbitraryMapScalar(field);
      // Keys that are no strings are properties of an object, as text.
      return fc.dictionary(fc.bigInt({ min: 0n, max: U64_MAX }).map(String), value, { maxKeys: 3 });
    }
    default:
      return field satisfies never;
  }
}

function arbitraryMapScalar(field: DescField & { readonly fieldKind: "map" }): fc.Arbitrary<unknown> {
  if (field.mapKind !== "scalar") throw new Error("No arbitrary for a map of enum values.");
  return arbitraryScalar(field.scalar);
}

function arbitraryScalar(scalar: ScalarType): fc.Arbitrary<unknown> {
  switch (scalar) {
    case ScalarType.BYTES:
      return bytes;
    case ScalarType.BOOL:
      return fc.boolean();
    case ScalarType.STRING:
      return fc.string({ unit: "binary", maxLength: 40 });
    case ScalarType.INT64:
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return fc.bigInt({ min: 0n, max: U64_MAX });
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return fc.nat({ max: 0xffff_ffff });
    default:
      throw new Error(`No arbitrary for scalar type ${scalar}.`);
  }
}
