// Inputs that several tests share. The values are published by MobileCoin; spec 01 §10 says where each comes from.
import { Secret } from "@fogbow/core-bytes";
import { type AccountKey, accountKeyFromRootEntropy } from "../src/index.ts";

/** A root entropy of 32 equal bytes. */
export function rootEntropyOf(value: number): Secret {
  return new Secret(new Uint8Array(32).fill(value));
}

/** The account of 32 zero bytes, which the specification calls root-0. */
export function rootZero(): AccountKey {
  return accountKeyFromRootEntropy(rootEntropyOf(0));
}

/** The public key of a Fog authority: 550 bytes of DER. */
export const fogAuthoritySpki: Uint8Array = Uint8Array.from(
  Buffer.from(
    "MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEAyFOockvCEc9TcO1NvsiUfFVzvtDsR64UIRRUl3tBM2Bh8KBA932/" +
      "Up86RtgJVnbslxuUCrTJZCV4dgd5hAo/mzuJOy9lAGxUTpwWWG0zZJdpt8HJRVLX76CBpWrWEt7JMoEmduvsCR8q7WkSNgT0" +
      "iIoSXgT/hfWnJ8KGZkN4WBzzTH7hPrAcxPrzMI7TwHqUFfmOX7/gc+bDV5ZyRORrpuu+OR2BVObkocgFJLGmcz7KRuN7/dYt" +
      "dYFpiKearGvbYqBrEjeo/15chI0Bu/9oQkjPBtkvMBYjyJPrD7oPP67i0ZfqV6xCj4nWwAD3bVjVqsw9cCBHgaykW8ArFFa0" +
      "VCMdLy7UymYU5SQsfXrw/mHpr27Pp2Z0/7wpuFgJHL+0ARU48OiUzkXSHX+sBLov9X6f9tsh4q/ZRorXhcJi7FnUoagBxewv" +
      "lfwQfcnLX3hp1wqoRFC4w1DC+ki93vIHUqHkNnayRsf1n48fSu5DwaFfNvejap7HCDIOpCCJmRVR8mVuxi6jgjOUa4Vhb/GC" +
      "zxfNIn5ZYym1RuoE0TsFO+TPMzjed3tQvG7KemGFz3pQIryb43SbG7Q+EOzIigxYDytzcxOO5Jx7r9i+amQEiIcjBICwyFoE" +
      "UlVJTgSpqBZGNpznoQ4I2m+uJzM+wMFsinTZN3mp4FU5UHjQsHKG+ZMCAwEAAQ==",
    "base64",
  ),
);
