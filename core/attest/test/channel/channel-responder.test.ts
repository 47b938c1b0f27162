import { toHex, utf8 } from "@fogbow/core-bytes";
import { describe, expect, test } from "vitest";
import {
  beginChannel,
  ChannelResponder,
  decodeAnswerPayload,
  type EvidenceMessage,
  KeyPair,
  Session,
} from "../../src/index.ts";
import { evidenceFor, expectCode, flipBit, RESPONDER_ID, randomFrom } from "./support.ts";

const random = randomFrom("responder");
const staticKey = KeyPair.random(random);

function responder(sessionsMax?: number, evidence = () => evidenceFor(staticKey.publicKey)): ChannelResponder {
  const options = { responderId: RESPONDER_ID, ...(sessionsMax !== undefined && { sessionsMax }) };
  return new ChannelResponder(options, { staticKey, evidence, random });
}

async function connect(to: ChannelResponder): Promise<Session> {
  const pending = beginChannel({ responderId: RESPONDER_ID }, { random });
  const { keys } = await pending.finish(to.auth(pending.request), () => undefined);
  return new Session(keys);
}

describe("an enclave's end of clients' channels", () => {
  test("answers each request in its own session", async () => {
    const enclave = responder();
    const [alice, bob] = [await connect(enclave), await connect(enclave)];
    expect(enclave.sessions).toBe(2);
    for (const [client, name] of [
      [alice, "alice"],
      [bob, "bob"],
      [alice, "alice again"],
    ] as const) {
      const request = enclave.open(client.seal(utf8(name), utf8("aad")));
      expect([request.plaintext, request.aad]).toEqual([utf8(name), utf8("aad")]);
      const reply = request.reply(utf8(`hello ${name}`));
      expect(toHex(reply.channelId)).toBe(toHex(client.channelId));
      expect(client.open(reply)).toEqual(utf8(`hello ${name}`));
    }
  });

  test("knows no channel of another enclave, of before a restart, or that made room", async () => {
    const enclave = responder(2);
    const client = await connect(enclave);
    const restarted = responder(2);
    expectCode("unknown-channel", () => restarted.open(client.seal(utf8("hello"))));
    await connect(enclave);
    await connect(enclave);
    expect(enclave.sessions).toBe(2);
    expectCode("unknown-channel", () => enclave.open(client.seal(utf8("hello"))));
  });

  test("does not let a stranger's garbage end a client's session", async () => {
    const enclave = responder();
    const client = await connect(enclave);
    const message = client.seal(utf8("hello"));
    for (let i = 0; i < 10; i++) {
      expectCode("message-not-decrypted", () => enclave.open({ ...message, data: flipBit(message.data, i) }));
    }
    expectCode("message-too-short", () => enclave.open({ ...message, data: new Uint8Array() }));
    expectCode("unknown-channel", () => enclave.open({ ...message, channelId: new Uint8Array() }));
    expect(enclave.open(message).plaintext).toEqual(utf8("hello"));
  });

  test("keeps no session for a handshake that fails", () => {
    const enclave = responder();
    expectCode("message-too-short", () => enclave.auth(new Uint8Array(31)));
    expectCode("weak-public-key", () => enclave.auth(new Uint8Array(32)));
    expect(enclave.sessions).toBe(0);
  });

  test("shows evidence as it is refreshed, under the same key", async () => {
    let current: EvidenceMessage & { readonly kind: "dcap" } = evidenceFor(staticKey.publicKey);
    const enclave = responder(undefined, () => current);
    const first = await connect(enclave);
    current = { ...current, bytes: Uint8Array.from([...current.bytes, 0x28, 1]) };
    const pending = beginChannel({ responderId: RESPONDER_ID }, { random });
    const answer = enclave.auth(pending.request);
    const { verdict } = await pending.finish(answer, ({ bytes }) => bytes);
    expect(verdict).toEqual(current.bytes);
    expect(enclave.open(first.seal(utf8("still here"))).plaintext).toEqual(utf8("still here"));
    expectCode("evidence-malformed", () => decodeAnswerPayload(answer)); // It is not sent in the clear.
  });

  test("ends all sessions when it closes, and a reply under way with them", async () => {
    const enclave = responder();
    const client = await connect(enclave);
    const request = enclave.open(client.seal(utf8("hello")));
    enclave.close();
    expect(enclave.sessions).toBe(0);
    expectCode("session-closed", () => request.reply(utf8("late")));
  });
});
