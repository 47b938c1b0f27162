import { fromHex, Secret, toHex, tokenId, tokenValue } from "@fogbow/core-bytes";
import { compressedPoint, PrivateKey, publicKey } from "@fogbow/core-crypto";
import { encodeMessage, PrintableWrapperSchema } from "@fogbow/core-wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { frameCode, unframeCode } from "../src/code-frame.ts";
import { decodePrintable, encodePrintable, type PrintableCode, publicAddress } from "../src/index.ts";
import { mutation, printableCode } from "./arbitrary.ts";
import { rootZero } from "./known-answers.ts";
import { codeOf } from "./refusal.ts";

const rootZeroCode =
  "6UEtkm1rieLhuz2wvELPHdGiCb96zNnW856QVeGLvYzE7NhmbG1MxnoSPGqyVfEHDvxzQmaURFpZcxT9TSypVgRVAusr7svtD1TcrYj92Uh";

const decodeErrors = [
  undefined,
  "unknown-code-kind",
  "malformed-message",
  "missing-field",
  "wrong-length",
  "invalid-public-key",
  "invalid-private-key",
];

describe("printable codes", () => {
  test("a published address without Fog has its code, and the code its address", () => {
    const code: PrintableCode = { kind: "public-address", publicAddress: publicAddress(rootZero()) };
    expect(encodePrintable(code)).toBe(rootZeroCode);
    expect(decodePrintable(rootZeroCode)).toEqual(code);
  });

  test("a published address with Fog comes back character for character", () => {
    const text =
      "DBRMnVBHSDx69nCKEP1VNWh7KSytVWvBwfrUKsyq3uTLaQbf5aCQBu4etpLfjaR2QmtS17gQfMGfty9nx8zkLBTTNnS83fBd9sLhG8LzscPeJuz6Ladg" +
      "YAhrpCxJVBTJChgYnP9ktSjqEZ8oLjwYhp4b6aYGSW6F9LWsU9vnHwPQsJmLpP3YMi5TRSfrtVQ6rw5uw4F7MAuJPc3VKQHSqjN5tWL1T9ve2s2smhrG" +
      "ijhP54a3uucz5TjUUg";
    const code = decodePrintable(text);
    expect(code).toMatchObject({
      kind: "public-address",
      publicAddress: { fogReportUrl: "fog://fog-report.fake.mobilecoin.com", fogReportId: "" },
    });
    expect(encodePrintable(code)).toBe(text);
  });

  test("the known payment request has its code, and is refused because its keys are no points", () => {
    const key = { data: new Uint8Array(32).fill(1) };
    const payload = encodeMessage(PrintableWrapperSchema, {
      wrapper: {
        case: "paymentRequest",
        value: {
          publicAddress: { viewPublicKey: key, spendPublicKey: key, fogReportUrl: "mob://fog.example.com" },
          value: 10n,
          memo: "Please me pay!",
        },
      },
    });
    const text =
      "ZwW4TtMc2Ad1EQcTpsLTkr6PYy3vb9tzizNMet5mDfhVVeAsrHEgQmZvN4sgo4o5DFVxSwGzJcoaj3wHoo9cZR5jLSsmtEfZYAVo32QiAHybJo6iahi5" +
      "tVox2pNEEFiuMZ2XKxUdgBEYAkBkvXrWZCUBePeSL9Ht2jrSL";
    expect(frameCode(payload)).toBe(text);
    expect(codeOf(() => decodePrintable(text))).toBe("invalid-public-key");
  });

  test("a payment request keeps its fields and writes no zeros", () => {
    const code: PrintableCode = {
      kind: "payment-request",
      paymentRequest: {
        publicAddress: publicAddress(rootZero()),
        value: tokenValue(0n),
        tokenId: tokenId(0n),
        memo: "",
        paymentId: 0n,
      },
    };
    const addressPayload = toHex(unframeCode(rootZeroCode)).slice(4); // Without the wrapper's tag and length.
    expect(toHex(unframeCode(encodePrintable(code)))).toBe(`124a0a48${addressPayload}`);
    const max = { value: tokenValue(2n ** 64n - 1n), tokenId: tokenId(2n ** 64n - 1n), paymentId: 2n ** 64n - 1n };
    const full: PrintableCode = {
      kind: "payment-request",
      paymentRequest: { ...code.paymentRequest, ...max, memo: "héllo" },
    };
    expect(decodePrintable(encodePrintable(full))).toEqual(full);
  });

  test("the known transfer payload has its code, both entropies included", () => {
    const text =
      "2jb5wC7rR5QaKvfwe7NYyDzoNZnZW6a5s5Woti1hXnR1jhXTXPcBzPBo2JtGBTowLda1otsEpUEus3EV4zrSaXd29MZWxztbxRDPPE9N5HeL98Czd6bk" +
      "Fr3hNpmnxESdVcEXjZm5XvByeHPgBDzhRwZ";
    const code = decodePrintable(text);
    expect(code.kind === "transfer-payload" && toHex(code.transferPayload.txOutPublicKey)).toBe("02".repeat(32));
    expect(
      encodePrintable({
        kind: "transfer-payload",
        transferPayload: {
          rootEntropy: new Secret(new Uint8Array(32).fill(1)),
          bip39Entropy: new Secret(new Uint8Array(32).fill(12)),
          txOutPublicKey: compressedPoint(new Uint8Array(32).fill(2)),
          memo: "",
        },
      }),
    ).toBe(text);
    expect(encodePrintable(code)).toBe(text);
  });

  test("a gift code leaves out an index of zero, and its key only ever in full", () => {
    const giftCode = {
      globalIndex: 0n,
      onetimePrivateKey: new PrivateKey(new Uint8Array(32)),
      sharedSecret: new Secret(new Uint8Array(32)),
    };
    const payload = toHex(unframeCode(encodePrintable({ kind: "gift-code", giftCode })));
    expect(payload).toBe(`224812220a20${"00".repeat(32)}1a220a20${"00".repeat(32)}`);
    const second = encodePrintable({ kind: "gift-code", giftCode: { ...giftCode, globalIndex: 1n } });
    expect(toHex(unframeCode(second))).toBe(`224a0801${payload.slice(4)}`);
  });

  test("every code reads as what was written", () => {
    fc.assert(
      fc.property(printableCode, (code) => {
        const text = encodePrintable(code);
        const decoded = decodePrintable(text);
        expect(decoded.kind).toBe(code.kind);
        expect(encodePrintable(decoded)).toBe(text);
        if (code.kind === "public-address" || code.kind === "payment-request") {
          expect(decoded).toEqual(code);
        }
      }),
    );
  });

  test("a code with one character exchanged is refused, or has the same content by luck of the checksum", () => {
    const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    fc.assert(
      fc.property(fc.nat({ max: rootZeroCode.length - 1 }), fc.constantFrom(...alphabet), (place, character) => {
        const text = rootZeroCode.slice(0, place) + character + rootZeroCode.slice(place + 1);
        expect(codeOf(() => decodePrintable(text))).toBe(text === rootZeroCode ? undefined : "bad-code-checksum");
      }),
    );
  });

  test("adding one to the first byte is a checksum error", () => {
    expect(codeOf(() => decodePrintable("2g"))).toBe("code-too-short");
    expect(codeOf(() => decodePrintable(rootZeroCode.slice(0, -1)))).toBe("bad-code-checksum");
  });

  test("a wrapper that is empty or holds an unknown kind is refused", () => {
    for (const hex of ["2a00", "2a020801", "3801"]) {
      expect(
        codeOf(() => decodePrintable(frameCode(fromHex(hex)))),
        hex,
      ).toBe("unknown-code-kind");
    }
  });

  test("a gift code whose shared secret is no point, or whose key is no scalar, is refused", () => {
    const gift = (sharedSecret: number, key: number): string =>
      frameCode(
        encodeMessage(PrintableWrapperSchema, {
          wrapper: {
            case: "txOutGiftCode",
            value: {
              onetimePrivateKey: { data: new Uint8Array(32).fill(key) },
              sharedSecret: { data: new Uint8Array(32).fill(sharedSecret) },
            },
          },
        }),
      );
    expect(codeOf(() => decodePrintable(gift(1, 0)))).toBe("invalid-public-key");
    expect(codeOf(() => decodePrintable(gift(0, 255)))).toBe("invalid-private-key");
    expect(codeOf(() => decodePrintable(gift(2, 1)))).toBeUndefined();
    expect(publicKey(new Uint8Array(32).fill(2)).length).toBe(32);
  });

  test("changed content gives a code or a typed error", () => {
    fc.assert(
      fc.property(printableCode, mutation, (code, mutate) => {
        const payload = mutate(unframeCode(encodePrintable(code)));
        fc.pre(payload.length > 0);
        expect(decodeErrors).toContain(codeOf(() => decodePrintable(frameCode(payload))));
      }),
    );
  });

  test("a code too long to read is not written", () => {
    const code: PrintableCode = {
      kind: "payment-request",
      paymentRequest: {
        publicAddress: publicAddress(rootZero()),
        value: tokenValue(1n),
        tokenId: tokenId(0n),
        memo: "x".repeat(3_000),
        paymentId: 0n,
      },
    };
    expect(codeOf(() => encodePrintable(code))).toBe("code-too-long");
  });
});
