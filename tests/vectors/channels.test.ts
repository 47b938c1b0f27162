// The formats of attested channels' known answers: whatever field of a good file is changed, its case fails. The channel
// file is made here with our own code; the report data and the handshake's public inputs are published.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Direction, Handshake, type HandshakePattern, KeyPair, rekey } from "@fogbow/core-attest";
import { fromHex, toHex, utf8 } from "@fogbow/core-bytes";
import { DcapEvidenceSchema, EvidenceWrapperSchema, encodeMessage } from "@fogbow/core-wire";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkVectors, type ExitCode } from "./check-vectors.ts";

const PROLOGUE = "node1.test.example:443";
const secret = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

type Answers = Record<string, unknown>;

const REPORT_DATA: Answers = {
  nonce: "01".repeat(16),
  key: "02".repeat(32),
  custom_identity: "03".repeat(32),
  sha256: "c33924b6d47f16a85882721c8caec78c4a61f797e0f4f9b415cd2829a8d085c5",
};
const REPORT_DATA_WITHOUT_IDENTITY: Answers = {
  nonce: "02".repeat(16),
  key: "33".repeat(32),
  custom_identity: null,
  sha256: "4b26517f66ce6dc869a5b12bfea3b10ab046dc770cdf692549d80355a9c441c2",
};
const EXPLICIT_NONCE: Answers = {
  key: "acc79ef7b0078e28662d0d5e9a09fbe6f0d8de02462caa99f0feeeb1b0a6c6bc",
  nonce_decimal: "72623859790382856",
  iv: "000000000102030405060708",
  aad: "",
  plaintext: "7368617264207175657279",
  data: "fc5d76794284d4de172d8b86a9af8993cbf764366340a57470709d",
  fixed64_wire: "210807060504030201",
};

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fogbow-channels-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test("good files pass, by their own names or others, each part and vector a case", async () => {
  const { lines, exitCode } = await check({
    "attested_channel_kat.json": { NX: channel("NX"), IX: channel("IX"), explicit_nonce_example: EXPLICIT_NONCE },
    "attested_channel_kat_2.json": { source: "a note", IX: channel("IX") },
    "noise_vectors_more.json": { source: "test", vectors: [noise("NX"), noise("IX")] },
    "report_data_kat.json": [REPORT_DATA, REPORT_DATA_WITHOUT_IDENTITY],
  });
  expect(lines).toEqual([
    "attested_channel_kat.json: attested_channel_kat, 3 passed, 0 failed",
    "attested_channel_kat_2.json: attested_channel_kat, 1 passed, 0 failed",
    "noise_vectors_more.json: noise_vectors, 2 passed, 0 failed",
    "report_data_kat.json: report_data_kat, 2 passed, 0 failed",
    "8 passed, 0 failed",
  ]);
  expect(exitCode).toBe(0);
});

test("a peer's evidence that is bound to its own key is answered as stated", async () => {
  const file = { IX: channel("IX", { bound: true }) };
  expect((await check({ "attested_channel_kat.json": file })).exitCode).toBe(0);
});

describe("one changed field fails the case", () => {
  const parts: [string, Answers][] = [
    ["NX", channel("NX")],
    ["IX", channel("IX")],
    ["explicit_nonce_example", EXPLICIT_NONCE],
  ];
  const fields = parts.flatMap(([part, answers]) =>
    Object.keys(answers).map((field) => [part, field, answers] as const),
  );

  test.each(fields)("%s: %s", async (part, field, answers) => {
    const others = { NX: channel("NX"), [part]: { ...answers, [field]: changed(answers[field]) } };
    const { lines, exitCode } = await check({ "attested_channel_kat.json": others });
    expect(lines[0]).toMatch(/1 failed/);
    expect(exitCode).toBe(1);
  });

  test.each(Object.keys(noise("IX")))("a Noise vector's %s", async (field) => {
    const vector = noise("IX");
    const { exitCode } = await check({
      "noise_vectors.json": { vectors: [{ ...vector, [field]: changed(vector[field]) }] },
    });
    expect(exitCode).toBe(1);
  });

  test.each(Object.keys(REPORT_DATA))("report data's %s", async (field) => {
    const { exitCode } = await check({
      "report_data_kat.json": [{ ...REPORT_DATA, [field]: changed(REPORT_DATA[field]) }],
    });
    expect(exitCode).toBe(1);
  });
});

test("a protocol that is not ours, half a handshake and an unknown direction fail", async () => {
  const messages = (noise("NX").messages as unknown[]).slice(0, 1);
  const [message] = channel("NX").messages as [Answers];
  for (const [name, content] of Object.entries({
    "noise_vectors.json": [{ ...noise("NX"), protocol_name: "Noise_NN_25519_AESGCM_SHA512" }],
    "noise_vectors_half.json": [{ ...noise("NX"), messages }],
    "attested_channel_kat.json": { NX: { ...channel("NX"), messages: [{ ...message, dir: "both" }] } },
  })) {
    expect((await check({ [name]: content })).exitCode, name).toBe(1);
  }
});

async function check(files: Readonly<Record<string, unknown>>): Promise<{ lines: string[]; exitCode: ExitCode }> {
  rmSync(folder, { recursive: true });
  folder = mkdtempSync(join(tmpdir(), "fogbow-channels-"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(content));
  const lines: string[] = [];
  const exitCode = await checkVectors([folder], (line) => lines.push(line));
  return { lines, exitCode };
}

/** Another value of the same form: text that is hexadecimal stays so, a list loses its last item's meaning. */
function changed(value: unknown): unknown {
  if (typeof value === "string") {
    if (value === "") return "00";
    const last = value.at(-1) === "1" ? "2" : "1";
    return value.slice(0, -1) + last;
  }
  if (!Array.isArray(value)) throw new Error("No such field.");
  const last: Answers = value.at(-1);
  const field = "data" in last ? "data" : "ciphertext";
  return [...value.slice(0, -1), { ...last, [field]: changed(last[field]) }];
}

/** Known answers of one handshake, made by both sides of ours. */
function channel(pattern: HandshakePattern, { bound = false } = {}): Answers {
  const [staticKey, ownKey] = [new KeyPair(secret(3)), new KeyPair(secret(4))];
  const evidenceOf = ({ publicKey }: KeyPair): Uint8Array =>
    encodeMessage(DcapEvidenceSchema, { reportData: { nonce: secret(5).subarray(16), key: publicKey } });
  const requestPayload = pattern === "NX" ? new Uint8Array() : evidenceOf(bound ? ownKey : staticKey);
  const responsePayload = encodeMessage(EvidenceWrapperSchema, { dcapEvidence: evidenceOf(staticKey) });
  const prologue = utf8(PROLOGUE);
  const own = pattern === "IX" ? { staticKey: ownKey } : {};
  const initiator = new Handshake({ pattern, role: "initiator", prologue, ...own }, { random: () => secret(1) });
  const responder = new Handshake({ pattern, role: "responder", prologue, staticKey }, { random: () => secret(2) });
  const request = initiator.write(requestPayload);
  responder.read(request);
  const response = responder.write(responsePayload);
  initiator.read(response);
  const { channelId, sendKey, receiveKey } = initiator.finish();
  const sealer = { i2r: new Direction(sendKey.slice()), r2i: new Direction(receiveKey.slice()) };
  const messages = (["i2r", "i2r", "r2i"] as const).map((dir) => {
    const nonce = Number(sealer[dir].nonce);
    return { dir, nonce, aad: "aa", plaintext: "bb", data: toHex(sealer[dir].seal(fromHex("aa"), fromHex("bb"))) };
  });
  return {
    protocol: `Noise_${pattern}_25519_AESGCM_SHA512`,
    prologue_utf8: PROLOGUE,
    initiator_ephemeral_private: toHex(secret(1)),
    ...(pattern === "IX" && { initiator_static_private: toHex(secret(4)) }),
    responder_static_private: toHex(secret(3)),
    responder_static_public: toHex(staticKey.publicKey),
    responder_ephemeral_private: toHex(secret(2)),
    request_payload: toHex(requestPayload),
    request: toHex(request),
    response_payload: toHex(responsePayload),
    response: toHex(response),
    channel_id: toHex(channelId),
    key_initiator_to_responder: toHex(sendKey),
    key_responder_to_initiator: toHex(receiveKey),
    messages,
    key_i2r_after_rekey: toHex(rekey(sendKey)),
  };
}

/** The same in the layout of the Cacophony vectors. */
function noise(pattern: HandshakePattern): Answers {
  const answers = channel(pattern);
  const [first] = answers.messages as [Answers];
  const key = fromHex(answers.key_initiator_to_responder as string); // Made above.
  const sealed = new Direction(key).seal(new Uint8Array(), fromHex("bb"));
  return {
    protocol_name: answers.protocol,
    init_prologue: toHex(utf8(PROLOGUE)),
    init_ephemeral: answers.initiator_ephemeral_private,
    ...(pattern === "IX" && { init_static: answers.initiator_static_private }),
    resp_prologue: toHex(utf8(PROLOGUE)),
    resp_static: answers.responder_static_private,
    resp_ephemeral: answers.responder_ephemeral_private,
    handshake_hash: answers.channel_id,
    messages: [
      { payload: answers.request_payload, ciphertext: answers.request },
      { payload: answers.response_payload, ciphertext: answers.response },
      { payload: first.plaintext, ciphertext: toHex(sealed) },
    ],
  };
}
