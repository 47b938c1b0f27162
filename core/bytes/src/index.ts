export { type Bytes, bytes, concatBytes, equalBytes, wipeBytes } from "./bytes.ts";
export { crc32 } from "./crc32.ts";
export { BytesError, type BytesErrorCode, CodedError } from "./error.ts";
export { fromHex, toHex } from "./hex.ts";
export { be32, be64, le32, le64, readBe32, readBe64, readLe32, readLe64, U64_MAX, u32, u64 } from "./integers.ts";
export {
  type Amount,
  formatMob,
  MOB,
  PICOMOB_PER_MOB,
  parseMob,
  type TokenId,
  type TokenValue,
  tokenId,
  tokenValue,
} from "./money.ts";
export type { Random } from "./random.ts";
export { Secret } from "./secret.ts";
export { fromUtf8, utf8 } from "./utf8.ts";
