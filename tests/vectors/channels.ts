// Known answers of attested channels: Noise handshakes, MobileCoin's use of them, and report data (spec 04 §2, §3, §5.1).
import {
  type AnswerOptions,
  AttestError,
  answerChannel,
  answerPeerChannel,
  beginChannel,
  Direction,
  decodeAnswerPayload,
  decodeNonceMessage,
  decodeRequestPayload,
  encodeAnswerPayload,
  encodeNonceMessage,
  Handshake,
  type HandshakePattern,
  type HandshakeResult,
  type HandshakeRole,
  KeyPair,
  prologueOf,
  rekey,
  reportDataOf,
  Session,
} from "@fogbow/core-attest";
import { be64, concatBytes, type Random, toHex } from "@fogbow/core-bytes";
import { type Case, expectEqual, expectThat, VectorError } from "./case.ts";

/** A handshake and the messages after it, from both sides, in the layout of the Cacophony vectors. */
export function checkNoiseHandshake(one: Case): void {
  const pattern = patternOf(one.text("protocol_name"));
  const side = (role: HandshakeRole, name: "init" | "resp"): Handshake => {
    const staticKey = one.has(`${name}_static`) ? new KeyPair(one.hex(`${name}_static`)) : undefined;
    const prologue = one.has(`${name}_prologue`) ? one.hex(`${name}_prologue`) : new Uint8Array();
    const options = { pattern, role, prologue, ...(staticKey && { staticKey }) };
    return new Handshake(options, { random: () => one.hex(`${name}_ephemeral`) });
  };
  const initiator = side("initiator", "init");
  const responder = side("responder", "resp");
  const [first, second, ...transport] = one.parts("messages");
  expectThat(first !== undefined && second !== undefined, "messages do not hold a whole handshake");

  exchange(
    first,
    1,
    (payload) => initiator.write(payload),
    (message) => responder.read(message),
  );
  exchange(
    second,
    2,
    (payload) => responder.write(payload),
    (message) => initiator.read(message),
  );
  const initiated = initiator.finish();
  const responded = responder.finish();
  if (one.has("handshake_hash")) {
    expectEqual("handshake_hash", initiated.channelId, one.hex("handshake_hash"));
  }
  expectEqual("the responder's handshake_hash", responded.channelId, initiated.channelId);

  const [a, b] = [new Session(initiated), new Session(responded)];
  for (const [i, message] of transport.entries()) {
    const [from, to] = i % 2 === 0 ? [a, b] : [b, a];
    const { channelId } = from;
    exchange(
      message,
      i + 3,
      (payload) => from.seal(payload).data,
      (data) => to.open({ aad: new Uint8Array(), channelId, data }),
    );
  }
}

/** One part of the known answers of attested channels: a handshake in a pattern, or a message with its nonce. */
export async function checkAttestedChannel(one: Case): Promise<void> {
  const value = one.part("value");
  if (value.has("nonce_decimal")) {
    checkExplicitNonce(value);
  } else {
    await checkMobileCoinHandshake(value);
  }
}

/** SHA-256 of the contents, and the report data that holds it. */
export function checkReportData(one: Case): void {
  const hasIdentity = one.has("custom_identity") && one.json("custom_identity") !== null;
  const reportData = reportDataOf({
    nonce: one.hex("nonce"),
    key: one.hex("key"),
    ...(hasIdentity && { customIdentity: one.hex("custom_identity") }),
  });
  expectEqual("sha256", reportData.subarray(0, 32), one.hex("sha256"));
  expectEqual("the second half of the report data", reportData.subarray(32), new Uint8Array(32));
}

/** The handshake message by message, then the same through what services call, then the messages after it. */
async function checkMobileCoinHandshake(one: Case): Promise<void> {
  const pattern = patternOf(one.text("protocol"));
  const staticKey = new KeyPair(one.hex("responder_static_private"));
  expectEqual("responder_static_public", staticKey.publicKey, one.hex("responder_static_public"));
  const ownKey = pattern === "IX" ? new KeyPair(one.hex("initiator_static_private")) : undefined;
  const randoms = {
    initiator: { random: () => one.hex("initiator_ephemeral_private") },
    responder: { random: () => one.hex("responder_ephemeral_private") },
  };

  const prologue = prologueOf(one.text("prologue_utf8"));
  const options = { pattern, role: "initiator", prologue, ...(ownKey && { staticKey: ownKey }) } as const;
  const initiator = new Handshake(options, randoms.initiator);
  const responder = new Handshake({ pattern, role: "responder", prologue, staticKey }, randoms.responder);
  expectEqual("request", initiator.write(one.hex("request_payload")), one.hex("request"));
  expectEqual("request_payload", responder.read(one.hex("request")), one.hex("request_payload"));
  expectEqual("response", responder.write(one.hex("response_payload")), one.hex("response"));
  expectEqual("response_payload", initiator.read(one.hex("response")), one.hex("response_payload"));
  const keys = initiator.finish();
  checkKeys(one, keys, responder.finish());
  checkMessages(one, keys);

  const evidence = decodeAnswerPayload(one.hex("response_payload"));
  expectEqual("response_payload, encoded again", encodeAnswerPayload(evidence), one.hex("response_payload"));
  const answering = { responderId: one.text("prologue_utf8"), staticKey, evidence, request: one.hex("request") };
  if (ownKey === undefined) {
    await checkClientsChannel(one, answering, randoms);
  } else {
    await checkPeersChannel(one, { ...answering, ownKey }, randoms.responder);
  }
}

type Randoms = Readonly<Record<HandshakeRole, { readonly random: Random }>>;

/** NX: the enclave gives the stated answer, and a client takes it. */
async function checkClientsChannel(one: Case, answering: AnswerOptions, randoms: Randoms): Promise<void> {
  const pending = beginChannel(answering, randoms.initiator);
  expectEqual("a client's request", pending.request, one.hex("request"));
  const answered = answerChannel(answering, randoms.responder);
  expectEqual("an enclave's response", answered.answer, one.hex("response"));
  const { keys, verdict } = await pending.finish(answered.answer, ({ bytes }) => bytes);
  expectEqual("the evidence that is verified", verdict, answering.evidence.bytes);
  expectEqual("a client's channel_id", keys.channelId, one.hex("channel_id"));
}

/** IX: a peer gives the stated answer when the evidence it is shown is bound to the initiator's key, and else none. */
async function checkPeersChannel(
  one: Case,
  { ownKey, ...answering }: AnswerOptions & { readonly ownKey: KeyPair },
  parts: { readonly random: Random },
): Promise<void> {
  const shown = decodeRequestPayload(one.hex("request_payload"));
  const isBound = toHex(shown.bytes).includes(toHex(ownKey.publicKey));
  try {
    const { answer } = await answerPeerChannel(answering, { ...parts, verify: () => undefined });
    expectThat(isBound, "evidence of another key was accepted");
    expectEqual("a peer's response", answer, one.hex("response"));
  } catch (error) {
    const isRefusal = error instanceof AttestError && error.code === "bad-remote-identity";
    if (!isRefusal || isBound) throw error;
  }
}

/** The keys and the channel id of both sides. */
function checkKeys(one: Case, initiated: HandshakeResult, responded: HandshakeResult): void {
  expectEqual("channel_id", initiated.channelId, one.hex("channel_id"));
  expectEqual("the responder's channel_id", responded.channelId, one.hex("channel_id"));
  expectEqual("key_initiator_to_responder", initiated.sendKey, one.hex("key_initiator_to_responder"));
  expectEqual("key_responder_to_initiator", initiated.receiveKey, one.hex("key_responder_to_initiator"));
  expectEqual("the responder's key to receive with", responded.receiveKey, initiated.sendKey);
  expectEqual("the responder's key to send with", responded.sendKey, initiated.receiveKey);
  expectEqual("key_i2r_after_rekey", rekey(initiated.sendKey), one.hex("key_i2r_after_rekey"));
}

/** Messages in both directions, each sealed and opened at its nonce. */
function checkMessages(one: Case, { sendKey, receiveKey }: HandshakeResult): void {
  const use = { i2r: bothEnds(sendKey), r2i: bothEnds(receiveKey) };
  for (const message of one.parts("messages")) {
    const direction = message.text("dir");
    expectThat(direction === "i2r" || direction === "r2i", `the direction ${direction} is unknown`);
    const { sender, receiver } = use[direction];
    expectEqual("nonce", sender.nonce, message.integer("nonce"));
    const data = sender.seal(message.hex("aad"), message.hex("plaintext"));
    expectEqual("data", data, message.hex("data"));
    expectEqual("plaintext", receiver.open(message.hex("aad"), data), message.hex("plaintext"));
  }
}

function bothEnds(key: Uint8Array): { readonly sender: Direction; readonly receiver: Direction } {
  return { sender: new Direction(key.slice()), receiver: new Direction(key.slice()) };
}

/** A message that says its nonce: big-endian in the IV, little-endian on the wire. */
function checkExplicitNonce(one: Case): void {
  const nonce = one.integer("nonce_decimal");
  expectEqual("iv", concatBytes(new Uint8Array(4), be64(nonce)), one.hex("iv"));
  const [key, aad, plaintext, data] = ["key", "aad", "plaintext", "data"].map((field) => one.hex(field)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ]; // As many as there are names.
  expectEqual("data", new Direction(key.slice(), { nonce, bytes: 0n }).seal(aad, plaintext), data);
  expectEqual("plaintext", new Direction(key.slice()).open(aad, data, nonce), plaintext);
  const none = new Uint8Array();
  const encoded = encodeNonceMessage({ aad: none, channelId: none, data: none, nonce });
  expectEqual("fixed64_wire", encoded, one.hex("fixed64_wire"));
  expectEqual("the nonce read from fixed64_wire", decodeNonceMessage(encoded).nonce, nonce);
}

/** Our message is the stated one, and the other side reads its payload. */
function exchange(
  message: Case,
  number: number,
  write: (payload: Uint8Array) => Uint8Array,
  read: (ciphertext: Uint8Array) => Uint8Array,
): void {
  const written = write(message.hex("payload"));
  expectEqual(`ciphertext of message ${number}`, written, message.hex("ciphertext"));
  expectEqual(`payload of message ${number}`, read(written), message.hex("payload"));
}

function patternOf(protocolName: string): HandshakePattern {
  switch (protocolName) {
    case "Noise_NX_25519_AESGCM_SHA512":
      return "NX";
    case "Noise_IX_25519_AESGCM_SHA512":
      return "IX";
    default:
      throw new VectorError(`the protocol ${protocolName} is not one of ours`);
  }
}
