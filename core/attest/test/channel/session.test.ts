import { utf8 } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import { type SealedMessage, Session } from "../../src/index.ts";
import { channelKeys, codeOf, expectCode, flipBit } from "./support.ts";

async function ends(purpose = "session"): Promise<{ client: Session; enclave: Session }> {
  const { client, enclave } = await channelKeys(purpose);
  return { client: new Session(client), enclave: new Session(enclave) };
}

test("messages go both ways, with and without additional data, and name the channel", async () => {
  const { client, enclave } = await ends();
  for (let i = 0; i < 5; i++) {
    const request = client.seal(utf8(`request ${i}`), utf8("seen by the host"));
    expect(request.channelId).toEqual(enclave.channelId);
    expect(request.aad).toEqual(utf8("seen by the host"));
    expect(enclave.open(request)).toEqual(utf8(`request ${i}`));
    const response = enclave.seal(utf8(`response ${i}`));
    expect(response.aad).toHaveLength(0);
    expect(client.open(response)).toEqual(utf8(`response ${i}`));
  }
});

test("a message repeated does not open, and the next one does", async () => {
  const { client, enclave } = await ends();
  const [first, second] = [client.seal(utf8("1")), client.seal(utf8("2"))];
  enclave.open(first);
  expectCode("message-not-decrypted", () => enclave.open(first));
  expect(enclave.open(second)).toEqual(utf8("2"));
});

test("messages in another order do not open until the right one comes", async () => {
  const { client, enclave } = await ends();
  const [first, second] = [client.seal(utf8("1")), client.seal(utf8("2"))];
  expectCode("message-not-decrypted", () => enclave.open(second));
  enclave.open(first);
  enclave.open(second);
});

test("after a message is dropped no later one opens", async () => {
  const { client, enclave } = await ends();
  client.seal(utf8("dropped"));
  for (let i = 0; i < 3; i++) expectCode("message-not-decrypted", () => enclave.open(client.seal(utf8("later"))));
});

test("a message sent back to its sender does not open", async () => {
  const { client } = await ends();
  expectCode("message-not-decrypted", () => client.open(client.seal(utf8("echo"))));
});

test("cut at any byte, a message is too short or does not decrypt", async () => {
  const { client, enclave } = await ends();
  const message = client.seal(utf8("four"));
  for (let length = 0; length < message.data.length; length++) {
    const cut = { ...message, data: message.data.subarray(0, length) };
    expectCode(length < 16 ? "message-too-short" : "message-not-decrypted", () => enclave.open(cut));
  }
  expect(enclave.open(message)).toEqual(utf8("four"));
});

test("with any bit changed a message does not open", async () => {
  const { client, enclave } = await ends();
  const message = client.seal(utf8("four"), utf8("aad"));
  for (let bit = 0; bit < 8 * message.data.length; bit++) {
    expectCode("message-not-decrypted", () => enclave.open({ ...message, data: flipBit(message.data, bit) }));
  }
  for (let bit = 0; bit < 8 * message.aad.length; bit++) {
    expectCode("message-not-decrypted", () => enclave.open({ ...message, aad: flipBit(message.aad, bit) }));
  }
  expectCode("message-not-decrypted", () => enclave.open({ ...message, aad: new Uint8Array() }));
  expect(enclave.open(message)).toEqual(utf8("four"));
});

test("a message of another session is refused by its channel id, and with the id exchanged by its tag", async () => {
  const { enclave } = await ends("one");
  const { client: stranger } = await ends("other");
  const message: SealedMessage = stranger.seal(utf8("hello"));
  expectCode("channel-id-mismatch", () => enclave.open(message));
  expectCode("message-not-decrypted", () => enclave.open({ ...message, channelId: enclave.channelId }));
  for (const length of [0, 63, 65]) {
    const channelId = new Uint8Array(length);
    expect(codeOf(() => enclave.open({ ...message, channelId }))).toBe("channel-id-mismatch");
  }
});

test("closing overwrites both keys and ends the session", async () => {
  const { client: keys, enclave } = await channelKeys("closed");
  const session = new Session(keys);
  const message = new Session(enclave).seal(utf8("late"));
  session.close();
  expect(keys.sendKey).toEqual(new Uint8Array(32));
  expect(keys.receiveKey).toEqual(new Uint8Array(32));
  expectCode("session-closed", () => session.seal(utf8("late")));
  expectCode("session-closed", () => session.open(message));
});

test("no key shows in what is printed", async () => {
  const { client } = await ends();
  expect(JSON.stringify(client)).not.toMatch(/[kK]ey/);
});
