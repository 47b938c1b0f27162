import { fromHex, toHex, utf8 } from "@fogbow/core-bytes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PAYLOAD_BYTES_MAX } from "../../src/channel/limits.ts";
import { Handshake, type HandshakeRole, KeyPair, Session } from "../../src/index.ts";
import {
  INITIATOR_EPHEMERAL,
  NOISE_VECTORS,
  PROLOGUE,
  RESPONDER_EPHEMERAL,
  RESPONDER_STATIC,
} from "./noise-vectors.ts";
import { codeOf, expectCode, flipBit, randomFrom } from "./support.ts";

const none = new Uint8Array();
const BASE_ORDER_8 = fromHex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800");

type Pattern = "NX" | "IX";

/** Both ends of a handshake with fresh keys. */
function pair(pattern: Pattern, purpose: string = pattern): { initiator: Handshake; responder: Handshake } {
  const random = randomFrom(purpose);
  const make = (role: HandshakeRole): Handshake => {
    const staticKey = KeyPair.random(random);
    return new Handshake({ pattern, role, prologue: utf8("a:1"), staticKey }, { random });
  };
  return { initiator: make("initiator"), responder: make("responder") };
}

describe("the Cacophony vectors", () => {
  test.each(NOISE_VECTORS)("$pattern, both sides", ({ pattern, initiatorStatic, handshakeHash, messages }) => {
    const prologue = fromHex(PROLOGUE);
    const ownKey = initiatorStatic === undefined ? {} : { staticKey: new KeyPair(fromHex(initiatorStatic)) };
    const initiator = new Handshake(
      { pattern, role: "initiator", prologue, ...ownKey },
      { random: () => fromHex(INITIATOR_EPHEMERAL) },
    );
    const staticKey = new KeyPair(fromHex(RESPONDER_STATIC));
    const responder = new Handshake(
      { pattern, role: "responder", prologue, staticKey },
      { random: () => fromHex(RESPONDER_EPHEMERAL) },
    );
    const [first, second, third, fourth] = messages as [[string, string], ...[string, string][]];
    const [a, b] = [initiator.write(fromHex(first[0])), fromHex(first[1])];
    expect(toHex(a)).toBe(first[1]);
    expect(toHex(responder.read(b))).toBe(first[0]);
    const answer = responder.write(fromHex(second?.[0] ?? ""));
    expect(toHex(answer)).toBe(second?.[1]);
    expect(toHex(initiator.read(answer))).toBe(second?.[0]);

    const [initiated, responded] = [initiator.finish(), responder.finish()];
    expect(toHex(initiated.channelId)).toBe(handshakeHash);
    expect(toHex(responded.channelId)).toBe(handshakeHash);
    expect(initiated.remoteStaticKey).toEqual(staticKey.publicKey);
    expect(responded.remoteStaticKey).toEqual("staticKey" in ownKey ? ownKey.staticKey.publicKey : undefined);
    expect(toHex(new Session(initiated).seal(fromHex(third?.[0] ?? "")).data)).toBe(third?.[1]);
    expect(toHex(new Session(responded).seal(fromHex(fourth?.[0] ?? "")).data)).toBe(fourth?.[1]);
  });
});

describe.each(["NX", "IX"] as const)("%s", (pattern) => {
  const [requestBytes, answerBytes] = pattern === "NX" ? [32, 96] : [64, 96];

  test("messages have the bytes of their keys, tags and payload", () => {
    const { initiator, responder } = pair(pattern);
    const request = initiator.write(none);
    expect(request).toHaveLength(requestBytes);
    responder.read(request);
    expect(responder.write(new Uint8Array(1000))).toHaveLength(answerBytes + 1000);
  });

  test("a payload far above Noise's 65 535 bytes goes through, one above ours does not", () => {
    const { initiator, responder } = pair(pattern);
    responder.read(initiator.write(none));
    const payload = randomFrom("payload")(PAYLOAD_BYTES_MAX);
    expect(toHex(initiator.read(responder.write(payload))) === toHex(payload)).toBe(true);

    const other = pair(pattern);
    expectCode("message-too-large", () => other.initiator.write(new Uint8Array(PAYLOAD_BYTES_MAX + 1)));
    expectCode("message-too-large", () => other.responder.read(new Uint8Array(PAYLOAD_BYTES_MAX + 1000)));
  });

  test("out of turn, nothing is written, read or finished", () => {
    const { initiator, responder } = pair(pattern);
    expectCode("read-out-of-order", () => initiator.read(new Uint8Array(200)));
    expectCode("write-out-of-order", () => responder.write(none));
    expectCode("handshake-unfinished", () => initiator.finish());
    const request = initiator.write(none);
    expectCode("write-out-of-order", () => initiator.write(none));
    expectCode("handshake-unfinished", () => initiator.finish());
    responder.read(request);
    expectCode("read-out-of-order", () => responder.read(request));
    initiator.read(responder.write(none));
    expectCode("write-out-of-order", () => responder.write(none));
    expectCode("read-out-of-order", () => initiator.read(request));
    initiator.finish();
    expectCode("handshake-unfinished", () => initiator.finish());
    expectCode("write-out-of-order", () => initiator.write(none));
  });

  test("every cut of both messages is refused: as too short for its keys and tags, or as not decrypted", () => {
    const { initiator, responder } = pair(pattern);
    const request = initiator.write(none);
    for (let length = 0; length < request.length; length++) {
      expectCode("message-too-short", () => pair(pattern).responder.read(request.subarray(0, length)));
    }
    responder.read(request);
    const answer = responder.write(new Uint8Array(5));
    for (let length = 0; length < answer.length; length++) {
      const { initiator: fresh } = pair(pattern);
      fresh.write(none);
      const code = codeOf(() => fresh.read(answer.subarray(0, length)));
      expect(code).toBe(length < answerBytes ? "message-too-short" : "handshake-not-decrypted");
    }
  });

  test("any bit changed in the request or the answer is noticed at the latest by the initiator", () => {
    const requestLength = requestBytes + 3;
    const answerLength = answerBytes + 3;
    for (let bit = 0; bit < 8 * (requestLength + answerLength); bit += 13) {
      const { initiator, responder } = pair(pattern);
      const request = initiator.write(new Uint8Array(3));
      const inRequest = bit < 8 * requestLength;
      const code = codeOf(() => {
        responder.read(inRequest ? flipBit(request, bit) : request);
        const answer = responder.write(new Uint8Array(3));
        initiator.read(inRequest ? answer : flipBit(answer, bit - 8 * requestLength));
      });
      expect(code, `bit ${bit}`).toBe("handshake-not-decrypted");
    }
  });

  test("another prologue on either side is noticed by the initiator", () => {
    const { initiator } = pair(pattern);
    const random = randomFrom("other prologue");
    const staticKey = KeyPair.random(random);
    const responder = new Handshake({ pattern, role: "responder", prologue: utf8("a:2"), staticKey }, { random });
    responder.read(initiator.write(none));
    const answer = responder.write(none);
    expectCode("handshake-not-decrypted", () => initiator.read(answer));
  });

  test("what was read does not change when the message's bytes do", () => {
    const { initiator, responder } = pair(pattern);
    const request = initiator.write(utf8("payload"));
    const payload = responder.read(request);
    request.fill(0);
    expect(payload).toEqual(utf8("payload"));
    expect(initiator.read(responder.write(none))).toHaveLength(0);
  });

  test("an answer to another handshake does not decrypt, and the handshake is over", () => {
    const one = pair(pattern, "one");
    const other = pair(pattern, "other");
    one.responder.read(one.initiator.write(none));
    other.initiator.write(none);
    const answer = one.responder.write(none);
    expectCode("handshake-not-decrypted", () => other.initiator.read(answer));
    expectCode("read-out-of-order", () => other.initiator.read(answer));
    expectCode("handshake-unfinished", () => other.initiator.finish());
  });

  test.each([
    ["zero", new Uint8Array(32)],
    ["of order 8", BASE_ORDER_8],
  ])("an ephemeral key %s is refused on both roles", (_, weak) => {
    const { initiator, responder } = pair(pattern);
    const request = initiator.write(none);
    const weakRequest = request.slice();
    weakRequest.set(weak);
    responder.read(weakRequest);
    expectCode("weak-public-key", () => responder.write(none));
    const answer = new Uint8Array(200);
    answer.set(weak);
    expectCode("weak-public-key", () => initiator.read(answer));
  });

  test("a request replayed leads to other keys, which the one who replays does not have", () => {
    const { initiator } = pair(pattern);
    const request = initiator.write(none);
    const ids = ["first", "second"].map((purpose) => {
      const random = randomFrom(purpose);
      const staticKey = new KeyPair(new Uint8Array(32).fill(9));
      const responder = new Handshake({ pattern, role: "responder", prologue: utf8("a:1"), staticKey }, { random });
      responder.read(request);
      responder.write(none);
      return toHex(responder.finish().channelId);
    });
    expect(ids[0]).not.toBe(ids[1]);
  });

  test("whatever arrives as a handshake message, the answer is a code", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, asAnswer) => {
        const { initiator, responder } = pair(pattern);
        if (asAnswer) initiator.write(none);
        const code = codeOf(() => {
          if (asAnswer) return initiator.read(bytes);
          responder.read(bytes);
          return responder.write(none);
        });
        if (asAnswer || bytes.length < requestBytes) {
          expect(["message-too-short", "handshake-not-decrypted", "weak-public-key"]).toContain(code);
        } else {
          expect([undefined, "weak-public-key"]).toContain(code);
        }
      }),
      { numRuns: 200 },
    );
  });
});

test("NX and IX do not understand each other", () => {
  const nx = pair("NX");
  const ix = pair("IX");
  // An NX responder takes a peer's key and payload for a payload of no meaning; the answer does not decrypt.
  nx.responder.read(ix.initiator.write(none));
  const answer = nx.responder.write(none);
  expectCode("handshake-not-decrypted", () => ix.initiator.read(answer));
  expectCode("message-too-short", () => ix.responder.read(nx.initiator.write(none)));
});

test("a static key of small order in an IX request is refused", () => {
  const { initiator, responder } = pair("IX");
  const request = initiator.write(none);
  request.fill(0, 32, 64);
  responder.read(request);
  expectCode("weak-public-key", () => responder.write(none));
});

test("only the initiator of NX may go without a static key", () => {
  const random = randomFrom("no key");
  const make = (pattern: Pattern, role: HandshakeRole): (() => Handshake) => {
    return () => new Handshake({ pattern, role, prologue: none }, { random });
  };
  expectCode("key-malformed", make("NX", "responder"));
  expectCode("key-malformed", make("IX", "initiator"));
  expectCode("key-malformed", make("IX", "responder"));
  expect(make("NX", "initiator")().write(none)).toHaveLength(32);
});

test("keys of other lengths are refused", () => {
  expectCode("key-malformed", () => new KeyPair(new Uint8Array(31)));
  expectCode("key-malformed", () => KeyPair.random(randomFrom("own key")).agree(new Uint8Array(33)));
});

test("the ephemeral key is overwritten when the handshake is over or given up", () => {
  for (const end of ["finish", "failure", "close"] as const) {
    const drawn: Uint8Array[] = [];
    const source = randomFrom("wiped");
    const random = (length: number): Uint8Array => {
      const bytes = source(length);
      drawn.push(bytes);
      return bytes;
    };
    const initiator = new Handshake({ pattern: "NX", role: "initiator", prologue: utf8("a:1") }, { random });
    const request = initiator.write(none);
    expect(drawn[0]?.some((byte) => byte !== 0)).toBe(true);
    const { responder } = pair("NX");
    responder.read(request);
    const answer = responder.write(none);
    if (end === "finish") {
      initiator.read(answer);
      initiator.finish();
    } else if (end === "failure") {
      expectCode("handshake-not-decrypted", () => initiator.read(flipBit(answer, 400)));
    } else {
      initiator.close();
    }
    expect(
      drawn[0]?.every((byte) => byte === 0),
      end,
    ).toBe(true);
  }
});
