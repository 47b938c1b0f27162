// The command that checks known answers: what it says and ends with for good, tampered, foreign and missing files.
// The answers are those of spec 01 §10 and Appendix A.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type AccountKey, accountKey, publicAddress } from "@fogbow/core-account";
import { fromHex, toHex, tokenId, tokenValue } from "@fogbow/core-bytes";
import { PrivateKey } from "@fogbow/core-crypto";
import {
  type BlockVersion,
  createTxOut,
  createTxOutRecord,
  encodeMemo,
  encodeTxOutRecord,
} from "@fogbow/core-transaction";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { VectorError } from "./case.ts";
import { checkVectors } from "./check-vectors.ts";

const ROOT_KEYS = {
  view_private_key: byteList("b0146de8cd8f5b7962f9e74a5ef0f3e58a9550c9527ac144f38729f0fd3fed0e"),
  spend_private_key: byteList("b4bf01a77ed4e065e9082d4bda67add30c88e021dcf81fc84e6a9ca2cb68e107"),
};

const ROOT_ENTROPY = { root_entropy: byteList("00".repeat(32)), ...ROOT_KEYS };

const CHANGE_SUBADDRESS = {
  ...ROOT_KEYS,
  subaddress_index: 0,
  subaddress_view_private_key: byteList("c0a99e9f89fb47b15a750a8ffba412aa75e5615147d28dedadf0b4be53146402"),
  subaddress_spend_private_key: byteList("87e32ff89ebf7371abc4f8001c842ed18871b1d7597365cbfea201f1c79f9300"),
  subaddress_view_public_key: byteList("c42d66a529e381b62d23c0954698e5af0176372c67b6ab739493ce5bc2c26023"),
  subaddress_spend_public_key: byteList("4cafad37ccc1b798e654a1e31ee28683a8c4eceb3c63c4d5a06d2834fd8e644d"),
};

/** The index 2⁶⁴ − 2 stands as bare digits, which `JSON.stringify` cannot write. */
const CHANGE_SUBADDRESS_LINE = JSON.stringify(CHANGE_SUBADDRESS).replace(
  '"subaddress_index":0',
  '"subaddress_index":18446744073709551614',
);

const ROOT_0_VIEW_KEY = "78901c11834e842df6be98c127953513e116095d4122cc27d807b4511cb81e11";
const ROOT_0_SPEND_KEY = "f62ff1c33a2285b1aee612ed87281f2c68bb2b5b0f1439a13e4ab728f98efb6a";
const ROOT_0_ADDRESS = protoAddress(ROOT_0_VIEW_KEY, ROOT_0_SPEND_KEY);
const ADDRESS_CODE = {
  view_public_key: byteList(ROOT_0_VIEW_KEY),
  spend_public_key: byteList(ROOT_0_SPEND_KEY),
  b58_encoded:
    "6UEtkm1rieLhuz2wvELPHdGiCb96zNnW856QVeGLvYzE7NhmbG1MxnoSPGqyVfEHDvxzQmaURFpZcxT9TSypVgRVAusr7svtD1TcrYj92Uh",
};

const SENDER_VIEW_KEY = "269f76626e8eaa1e466fe45f57cc100b5f9ec696ce922e34095294db2581ee70";
const SENDER = protoAddress(SENDER_VIEW_KEY, "2683a173c59787b013c2e0a5486c6b82b8736b3411a52caa45a293e83d79b355");
const RECIPIENT_VIEW_KEY = "ac10e6829b79b5d455ef11d9e91269709575331df5981ceba5e4419807eba123";
const RECIPIENT = protoAddress(RECIPIENT_VIEW_KEY, "7e03ca21d1123587e3b7deec198c57e1833546ff24cf3edd0b853388fc39195c");
const MEMO = {
  encrypted_sender_memo_hex_raw_bytes: `af450111d92495617c547937ac4b69c5${"00".repeat(32)}b5e9877848bbcce7d75de40cc1d68741`,
};
const SENDER_MEMO = {
  sender_public_address_hex_proto_bytes: SENDER,
  recipient_view_public_key_hex_raw_bytes: RECIPIENT_VIEW_KEY,
  ...MEMO,
};
const INCORRECT_SENDER_MEMO = {
  incorrect_sender_public_address_hex_proto_bytes: RECIPIENT,
  incorrect_recipient_view_public_key_hex_raw_bytes: SENDER_VIEW_KEY,
  ...MEMO,
};
const DESTINATION_MEMO = {
  sender_public_address_hex_proto_bytes: RECIPIENT,
  recipient_short_address_hash_hex_raw_bytes: "af450111d92495617c547937ac4b69c5",
  total_outlay: 12,
  fee: 13,
  encrypted_destination_memo_hex_raw_bytes: `20af409e5b0bdb43ba8509a52acfd9e5010000000000000d000000000000000c${"00".repeat(32)}`,
};

const RECORD_BYTES =
  "11e8993af924d072341a204220d6bf425422ceca582788baa46379c12e19a5ceb6ea96fe2cdacbe537a7612220febd16fcd5c235b87565149b" +
  "9a5e71dd05b2bedd19082567556d25b4101c7603296400000000000000310100000000000000390a00000000000000453841cad04a42d96fd3" +
  "ae64b1ab61ef87706ecf47199183864205987b455e3224295e7e704343e8c3d96d8b6c0fa3dcb98d8cf51343141405bae3ffcfe881b1f6cc1b" +
  "33572873e2475208cf29351517665a70";
const RECORD = {
  recipient_view_private_key_hex_proto_bytes: "0a20c76ec8723f3b198bf8bde76fca07cf98082189ad30a057d25271faabdd105e09",
  tx_out_record_hex_proto_bytes: RECORD_BYTES,
};
const SPURIOUS_RECORD = {
  spurious_view_private_key_hex_proto_bytes: "0a20b0146de8cd8f5b7962f9e74a5ef0f3e58a9550c9527ac144f38729f0fd3fed0e",
  tx_out_record_hex_proto_bytes: RECORD_BYTES,
};

const MERLIN = {
  init_label: "test protocol",
  ops: [
    { op: "append", label: "some label", message_hex: "736f6d652064617461" },
    { op: "challenge", label: "challenge", bytes: 32 },
  ],
  output: "d5a21972d0d5fe320c0d263fac7fffb8145aa640af6e9bca177c03c7efcf0615",
};

const GOOD_FILES = {
  "account_keys/acct_priv_keys_from_root_entropy.jsonl": JSON.stringify(ROOT_ENTROPY),
  "account_keys/subaddr_keys_from_acct_priv_keys.jsonl": CHANGE_SUBADDRESS_LINE,
  "codes.jsonl": JSON.stringify(ADDRESS_CODE),
  "memos/correct_encrypted_destination_memos.jsonl": JSON.stringify(DESTINATION_MEMO),
  "memos/correct_encrypted_sender_memos.jsonl": JSON.stringify(SENDER_MEMO),
  "memos/more.jsonl": JSON.stringify(INCORRECT_SENDER_MEMO),
  "merlin.json": JSON.stringify({ description: "one transcript", vectors: [MERLIN] }),
  "records/correct_tx_out_records.jsonl": JSON.stringify(RECORD),
  "records/incorrect_tx_out_records.jsonl": JSON.stringify(SPURIOUS_RECORD),
};

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fogbow-vectors-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe("known answers that our code reproduces", () => {
  test("pass in every format, recognised by name or by fields, and the run ends with 0", async () => {
    write({ ...GOOD_FILES, "README.md": "# Not a vector", "quote.bin": "not JSON" });
    const { lines, exitCode } = await check(folder);
    expect(lines).toEqual([
      "account_keys/acct_priv_keys_from_root_entropy.jsonl: acct_priv_keys_from_root_entropy, 1 passed, 0 failed",
      "account_keys/subaddr_keys_from_acct_priv_keys.jsonl: subaddr_keys_from_acct_priv_keys, 1 passed, 0 failed",
      "codes.jsonl: b58_encode_public_address_without_fog, 1 passed, 0 failed",
      "memos/correct_encrypted_destination_memos.jsonl: encrypted_destination_memos, 1 passed, 0 failed",
      "memos/correct_encrypted_sender_memos.jsonl: encrypted_sender_memos, 1 passed, 0 failed",
      "memos/more.jsonl: encrypted_sender_memos that must not match, 1 passed, 0 failed",
      "merlin.json: merlin, 1 passed, 0 failed",
      "records/correct_tx_out_records.jsonl: tx_out_records, 1 passed, 0 failed",
      "records/incorrect_tx_out_records.jsonl: tx_out_records that must not match, 1 passed, 0 failed",
      "9 passed, 0 failed",
    ]);
    expect(exitCode).toBe(0);
  });

  test("pass however their file separates and encloses them", async () => {
    const memo = JSON.stringify(SENDER_MEMO);
    write({
      "byte-order-mark.jsonl": `\ufeff${memo}\n`,
      "carriage-returns.jsonl": `\r\n${memo}\r\n \r\n${memo}\r\n\r\n\n`,
      "lines.json": `${memo}\n${memo}`,
      "list.json": JSON.stringify([SENDER_MEMO, SENDER_MEMO], undefined, 2),
      "list.jsonl": JSON.stringify([SENDER_MEMO, SENDER_MEMO]),
      "UPPER.JSONL": memo.replace(SENDER, SENDER.toUpperCase()),
    });
    const { lines, exitCode } = await check(`${folder}/`);
    expect(lines.at(-1)).toBe("10 passed, 0 failed");
    expect(exitCode).toBe(0);
  });

  test.each([0, 1, 2, 3, 4] as const)(
    "of records pass at block version %i, for any amount, place and account",
    async (version) => {
      const published = account(
        "c76ec8723f3b198bf8bde76fca07cf98082189ad30a057d25271faabdd105e09",
        "e9ee1a958444aef8bb3b9f8a4b3e01b3ea2e1d25dca8fd8ae91ce3adbcfcb108",
      );
      const firstKey = "98c91cf122066c1c619d2dc9a7b6d140feb389b385ce8dff4bdc0773cbaebb05";
      const records = [
        record(version, published, firstKey), // Of the published generator: it is made again.
        record(version, account("01".repeat(32), "02".repeat(32)), "03".repeat(32)),
      ];
      write({ "correct_tx_out_records.jsonl": records.join("\n") });
      const { lines, exitCode } = await check(folder);
      expect(lines.at(-1)).toBe("2 passed, 0 failed");
      expect(exitCode).toBe(0);
    },
  );

  test("are checked in folders that are linked to", async () => {
    write({ "real/merlin.json": JSON.stringify(MERLIN), "given/codes.jsonl": JSON.stringify(ADDRESS_CODE) });
    symlinkSync(join(folder, "real"), join(folder, "given", "linked"));
    const { lines, exitCode } = await check(join(folder, "given"));
    expect(lines).toContain("linked/merlin.json: merlin, 1 passed, 0 failed");
    expect(exitCode).toBe(0);
  });

  test("are checked one by one when files are named instead of a folder", async () => {
    write(GOOD_FILES);
    const { lines, exitCode } = await check(join(folder, "merlin.json"), join(folder, "codes.jsonl"));
    expect(lines.at(-1)).toBe("2 passed, 0 failed");
    expect(exitCode).toBe(0);
  });

  test("of a sender memo by an unknown account pass without the MAC, and the line says so", async () => {
    const content = JSON.stringify(SENDER_MEMO)
      .replace(SENDER, ROOT_0_ADDRESS)
      .replace("af450111d92495617c547937ac4b69c5", "09b67f689006efafe5b8a066a21b0edf");
    write({ "correct_encrypted_sender_memos.jsonl": content });
    const { lines, exitCode } = await check(folder);
    expect(lines[0]).toMatch(/1 passed, 0 failed; MAC of 1 not checked/);
    expect(exitCode).toBe(0);
  });
});

describe("one changed value", () => {
  const tampered: readonly [name: keyof typeof GOOD_FILES, from: string, to: string, reason: string][] = [
    ["account_keys/acct_priv_keys_from_root_entropy.jsonl", "[176,", "[177,", "view_private_key differs"],
    ["account_keys/subaddr_keys_from_acct_priv_keys.jsonl", "551614", "551615", "subaddress_view_private_key differs"],
    ["codes.jsonl", "6UEt", "6UEs", "b58_encoded differs"],
    ["memos/correct_encrypted_destination_memos.jsonl", '"fee":13', '"fee":14', "fee differs"],
    ["memos/correct_encrypted_destination_memos.jsonl", '"af45', '"ae45', "neither column"],
    ["memos/correct_encrypted_sender_memos.jsonl", '"af45', '"ae45', "the sender's hash differs"],
    ["memos/correct_encrypted_sender_memos.jsonl", 'd68741"', 'd68742"', "the MAC differs"],
    [
      "memos/correct_encrypted_sender_memos.jsonl",
      RECIPIENT_VIEW_KEY,
      ROOT_0_VIEW_KEY,
      "the MAC was made for another recipient",
    ],
    ["memos/more.jsonl", RECIPIENT, SENDER, "the sender's hash matches"],
    ["merlin.json", "736f", "736e", "output differs"],
    ["records/correct_tx_out_records.jsonl", "3841cad0", "3941cad0", "the record does not match the key"],
    [
      "records/correct_tx_out_records.jsonl",
      "4220d6bf425422ceca582788baa46379c12e19a5ceb6ea96fe2cdacbe537a761",
      "febd16fcd5c235b87565149b9a5e71dd05b2bedd19082567556d25b4101c7603",
      "the record differs from the one made again",
    ],
    [
      "records/incorrect_tx_out_records.jsonl",
      "b0146de8cd8f5b7962f9e74a5ef0f3e58a9550c9527ac144f38729f0fd3fed0e",
      "c76ec8723f3b198bf8bde76fca07cf98082189ad30a057d25271faabdd105e09",
      "the record matches the key",
    ],
  ];

  test.each(tampered)("in %s (%s to %s) fails the run with 1", async (name, from, to, reason) => {
    const content = GOOD_FILES[name];
    expect(content).toContain(from);
    write({ ...GOOD_FILES, [name]: content.replace(from, to) });
    const { lines, exitCode } = await check(folder);
    expect(lines.find((line) => line.startsWith(name))).toContain(`0 passed, 1 failed; case 1: ${reason}`);
    expect(lines.at(-1)).toBe("8 passed, 1 failed");
    expect(exitCode).toBe(1);
  });
});

describe("files that are a case each", () => {
  const GARBAGE = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";

  test("are judged by their names, and a folder of them has one line", async () => {
    write({
      "fog_chains/fog_chain_fail_torn.pem": GARBAGE,
      "fog_chains/fog_chain_fail_empty.pem": "",
      "pkits/InvalidTornTest1EE.crt": "torn",
      "pkits/BadTornCRL.crl": "torn",
      "README.md": "# Not a vector",
    });
    const { lines, exitCode } = await check(folder);
    expect(lines).toEqual([
      "fog_chains: fog_chains, 2 passed, 0 failed",
      "pkits: pkits, 2 passed, 0 failed",
      "4 passed, 0 failed",
    ]);
    expect(exitCode).toBe(0);
  });

  test.each([
    ["fog_chains/fog_chain_ok.pem", "fog_chain_ok.pem: is refused: certificate-malformed"],
    ["fog_chains/fog_chain_fail_leaf_expired.pem", "is refused for another reason: certificate-malformed"],
    ["fog_chains/chain.pem", "the name says neither ok nor fail"],
    ["pkits/ValidTest1EE.crt", "cannot be read"],
    ["pkits/GoodCACRL.crl", "is not believed"],
    ["fog_report_response.bin", "This is no answer of a report service."],
  ])("fail the run with 1 when %s is not what its name says", async (name, reason) => {
    write({ [name]: GARBAGE });
    const { lines, exitCode } = await check(folder);
    expect(lines[0]).toContain(`0 passed, 1 failed; `);
    expect(lines[0]).toContain(reason);
    expect(exitCode).toBe(1);
  });
});

describe("files that cannot be checked", () => {
  test("end the run with 2 when their JSON is in no known format, and are named", async () => {
    write({ ...GOOD_FILES, "strange.json": '{"colour":"green"}' });
    const { lines, exitCode } = await check(folder);
    expect(lines).toContain("strange.json: not recognised");
    expect(lines.at(-1)).toBe("9 passed, 0 failed");
    expect(exitCode).toBe(2);
  });

  test("end the run with 2 when they hold no cases, and are named", async () => {
    write({ "quotes.json": '{"cases":[]}' });
    const { lines, exitCode } = await check(folder);
    expect(lines).toContain("quotes.json: quotes, no cases");
    expect(exitCode).toBe(2);
  });

  test("do not hide a failure: the run ends with 1", async () => {
    write({ "strange.json": "{}", "merlin.json": JSON.stringify({ ...MERLIN, output: "00" }) });
    expect((await check(folder)).exitCode).toBe(1);
  });

  test("fail when they have the name of a format but not its content", async () => {
    write({ "merlin.json": "{", "tx_out_records.jsonl": '{"a":1}\nnull\n' });
    const { lines, exitCode } = await check(folder);
    expect(lines.at(-1)).toBe("0 passed, 3 failed");
    expect(exitCode).toBe(1);
  });

  test("leave nothing to check in an empty folder: the run ends with 2", async () => {
    expect(await check(folder)).toEqual({ lines: ["There is no file to check.", "0 passed, 0 failed"], exitCode: 2 });
  });

  test("are one clear error when they do not exist", async () => {
    const missing = join(folder, "missing");
    await expect(check(folder, missing)).rejects.toThrow(new VectorError(`${missing} does not exist.`));
  });
});

async function check(...paths: string[]): Promise<{ lines: string[]; exitCode: number }> {
  const lines: string[] = [];
  const exitCode = await checkVectors(paths, (line) => lines.push(line));
  return { lines, exitCode };
}

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

function account(viewPrivateKey: string, spendPrivateKey: string): AccountKey {
  return accountKey({
    viewPrivateKey: new PrivateKey(fromHex(viewPrivateKey)),
    spendPrivateKey: new PrivateKey(fromHex(spendPrivateKey)),
  });
}

/** A line of a record file: an output to an account, at some place of the ledger. */
function record(blockVersion: BlockVersion, recipient: AccountKey, txPrivateKey: string): string {
  const { txOut } = createTxOut({
    blockVersion,
    recipient: publicAddress(recipient),
    amount: { value: tokenValue(77n), tokenId: tokenId(blockVersion < 2 ? 0n : 8192n) },
    ...(blockVersion > 0 && {
      memo: encodeMemo({ kind: "defragmentation", fee: 1n, totalOutlay: 2n, defragmentationId: 3n }),
    }),
    fogHint: new Uint8Array(84),
    txPrivateKey: new PrivateKey(fromHex(txPrivateKey)),
  });
  const place = { globalIndex: 2n ** 40n, blockIndex: 9n, timestamp: 0n };
  return JSON.stringify({
    recipient_view_private_key_hex_proto_bytes: `0a20${toHex(recipient.viewPrivateKey.expose())}`,
    tx_out_record_hex_proto_bytes: toHex(encodeTxOutRecord(createTxOutRecord(txOut, place))),
  });
}

function byteList(hex: string): number[] {
  return [...fromHex(hex)];
}

/** The bytes of a public address without Fog, in hexadecimal. */
function protoAddress(viewPublicKey: string, spendPublicKey: string): string {
  return `0a220a20${viewPublicKey}12220a20${spendPublicKey}`;
}
