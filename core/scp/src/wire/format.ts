// What a shape is written to and read from. Two formats have it: CBOR, which nodes exchange, and text that sorts, which the
// state machine knows values by.

/** Where a shape is written. */
export interface Output {
  u32(n: number): void;
  u64(n: bigint): void;
  /** A byte string that encodings know as one. */
  byteString(bytes: Uint8Array): void;
  /** Bytes that serde takes for a list of small integers. */
  byteArray(bytes: Uint8Array): void;
  beginStruct(fields: number): void;
  field(name: string): void;
  endStruct(): void;
  beginList(items: number): void;
  item(): void;
  endList(): void;
  optional(isPresent: boolean): void;
  beginVariant(name: string, index: number): void;
  endVariant(): void;
}

/** Where a shape is read from. Every method throws `malformed-encoding` when something else is there. */
export interface Input {
  u32(): number;
  u64(): bigint;
  byteString(length: number): Uint8Array;
  byteArray(length: number): Uint8Array;
  beginStruct(fields: number): void;
  field(name: string): void;
  endStruct(): void;
  beginList(): void;
  /** Whether another item follows. */
  item(): boolean;
  endList(): void;
  optional(): boolean;
  /** The position of the variant in `names`. */
  beginVariant(names: readonly string[]): number;
  endVariant(): void;
}
